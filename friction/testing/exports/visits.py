"""Visits to a shop that was made up, step by step: what every look-alike export tells in the words of its tool."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal
from uuid import UUID

from friction.values import dataclass

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SITE = "https://shop.example"
What = Literal[
    "view", "leave", "scroll", "click", "rage", "dead", "outlink", "form_start", "change", "submit", "search",
    "request", "error", "vital", "cart", "order", "identify", "custom", "idle",
]  # fmt: skip


@dataclass(frozen=True)
class Element:
    """A thing on a page."""

    tag: str
    id: str = ""
    classes: tuple[str, ...] = ()
    text: str = ""
    href: str = ""
    name: str = ""
    type: str = ""

    @property
    def selector(self) -> str:
        """Tag with id or classes."""
        return self.tag + (f"#{self.id}" if self.id else "".join(f".{one}" for one in self.classes))


BUY = Element("button", "buy", ("btn", "buy"), "Buy now")
LINK = Element("a", "", ("entry",), "Blue chair", "/products/blue-chair")
AWAY = Element("a", "maker", ("out",), "The maker", "https://maker.example/about")
EMAIL = Element("input", "email", name="email", type="email")
FORM = Element("form", "checkout", name="checkout")
PAGES = ("/", "/products/blue-chair", "/products/red-table", "/cart", "/checkout", "/account/orders", "/help")
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1",
)
BOT = "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example/about)"


@dataclass(frozen=True)
class Step:
    """One thing that happened."""

    at: datetime
    """To the millisecond."""
    what: What
    visit: int
    visitor: int
    path: str
    number: int
    """Of the step, counted over all visits."""
    element: Element | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ms(self) -> int:
        """Epoch milliseconds."""
        return round(self.at.timestamp() * 1_000)

    @property
    def url(self) -> str:
        """The address of the page."""
        return SITE + self.path

    @property
    def title(self) -> str:
        """The title of the page."""
        return f"Shop {self.path}"

    @property
    def session(self) -> str:
        """An id of the visit."""
        return str(uuid(f"visit {self.visit}"))

    @property
    def person(self) -> str:
        """An id of the visitor's browser."""
        return str(uuid(f"visitor {self.visitor}"))

    @property
    def id(self) -> str:
        """An id of the step."""
        return str(uuid(f"step {self.number}"))

    @property
    def began(self) -> int:
        """Epoch milliseconds at which the visit began."""
        return round(start(self.visit).timestamp() * 1_000)

    @property
    def is_phone(self) -> bool:
        """The visitor uses a phone."""
        return self.visitor % 3 == 2

    @property
    def agent(self) -> str:
        """What the browser calls itself."""
        return AGENTS[self.is_phone]


@cache
def uuid(words: str) -> UUID:
    """The same id for the same words."""
    return UUID(int=random.Random(words).getrandbits(128), version=4)


def start(visit: int) -> datetime:
    """When a visit begins."""
    return START + timedelta(minutes=7 * visit)


@cache
def steps(visits: int, seed: int = 1) -> tuple[Step, ...]:
    """All steps of so many visits, in order of time."""
    made = [
        step
        for visit in range(visits)
        for step in _Visit(visit, random.Random(f"{seed} {visit}"), len(PAGES)).steps()
    ]
    made.sort(key=lambda one: (one.at, one.visit))
    return tuple(replace(one, number=number) for number, one in enumerate(made))


class _Visit:
    """Looking around, buttons that do not answer, a form, sometimes an order."""

    def __init__(self, visit: int, chance: random.Random, pages: int) -> None:
        self._visit, self._random, self._now, self._path = visit, chance, start(visit), "/"
        self._pages = chance.sample(PAGES[1 : pages - 3], 2)

    def steps(self) -> Iterator[Step]:
        """The steps, in order."""
        for path in ("/", *self._pages):
            yield from self._page(path)
        if self._visit % 3 != 2:
            yield from self._checkout()
        yield (
            self._step("outlink", AWAY)
            if self._visit % 4 == 0
            else self._step("search", query="chairs", hits=0)
        )
        yield self._step("leave", seconds=12.5, depth=0.75)

    def _page(self, path: str) -> Iterator[Step]:
        yield self._to(path)
        yield self._step(
            "vital", lcp=self._random.randint(800, 5000), cls=0.02, load=self._random.randint(500, 6000)
        )
        yield self._step("scroll", depth=90)
        for _ in range(self._random.randint(1, 3)):
            yield self._step("click", LINK)
        yield self._step(
            "request", status=self._random.choice((200, 200, 404, 500)), took=250, path="/api/stock"
        )
        if self._random.random() < 0.5:
            for _ in range(3):
                yield self._step("click", BUY)
            yield self._step("rage", BUY)
        else:
            yield self._step("click", BUY)
            yield self._step("dead", BUY)

    def _checkout(self) -> Iterator[Step]:
        yield self._step("cart", BUY, item="blue-chair")
        yield self._to("/checkout")
        yield self._step("identify", user=f"customer-{self._visit % 5}")
        yield self._step("form_start", FORM)
        yield self._step("change", EMAIL, typed="ann@example.org")
        yield self._step("error", message="x of ann@example.org is null", kind="TypeError")
        yield self._step("submit", FORM)
        if self._visit % 2 == 0:
            yield self._step("order", None, revenue=49.9, currency="EUR")
        else:
            yield self._step("custom", None, label="voucher")

    def _to(self, path: str) -> Step:
        before, self._path = self._path, path
        return self._step("view", before=before)

    def _step(self, what: What, element: Element | None = None, **more: Any) -> Step:
        self._now += timedelta(milliseconds=self._random.randint(90, 4000))
        return Step(self._now, what, self._visit, self._visit % 7, self._path, 0, element, more)
