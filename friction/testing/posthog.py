"""Made-up events in the ways PostHog gives them back, with its own names for everything.

    python -m friction.testing.posthog --sessions 6 --seed 1 --out fixtures/sources/posthog

writes `page.json` (a page of the API), `batch.jsonl` and `batch.parquet` (batch exports), `list.csv` (the
list of events) and `old.jsonl` (elements as a list, as older versions stored them): the same events five
times.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SITE = "https://shop.example"
Event = dict[str, Any]
Element = dict[str, Any]

MAIN = [
    {"tag_name": "main", "attr_id": "app", "nth_child": 2, "nth_of_type": 1},
    {"tag_name": "body", "nth_child": 2, "nth_of_type": 1},
]
BUY: list[Element] = [
    {
        **{
            "tag_name": "button",
            "text": 'Buy "now"; ship later',
            "attr_class": ["btn", "buy"],
            "nth_child": 3,
        },
        **{"nth_of_type": 2, "attributes": {"attr__data-testid": "buy", "attr__type": "button"}},
    },
    {"tag_name": "div", "attr_class": ["card", "md:flex"], "nth_child": 4, "nth_of_type": 4},
    *MAIN,
]
LINK: list[Element] = [
    {"tag_name": "span", "text": "Order 4711 22 33 of ann@example.org", "nth_child": 1, "nth_of_type": 1},
    {
        "tag_name": "a",
        "href": "/orders?token=abc123",
        "attr_class": ["css-1x2y3z4", "entry"],
        "nth_child": 1,
        "nth_of_type": 1,
    },
    *MAIN,
]
EMAIL: list[Element] = [
    {
        **{
            "tag_name": "input",
            "attr_id": "email",
            "nth_child": 2,
            "nth_of_type": 1,
            "text": "ann@example.org",
        },
        "attributes": {"attr__name": "email", "attr__type": "email", "attr__value": "ann@example.org"},
    },
    {
        "tag_name": "form",
        "nth_child": 1,
        "nth_of_type": 1,
        "attributes": {"attr__name": "sign-up", "attr__action": "/join"},
    },
    *MAIN,
]
PAGES = ("/", "/products/blue-chair", "/cart", "/checkout", "/account")


def elements_chain(elements: list[Element]) -> str:
    """The elements as the text in which PostHog stores them, target first."""
    return ";".join(map(_link, elements))


def _link(element: Element) -> str:
    pairs = {
        **{"text": element.get("text"), "href": element.get("href"), "attr_id": element.get("attr_id")},
        **{"nth-child": element["nth_child"], "nth-of-type": element["nth_of_type"]},
        **element.get("attributes", {}),
    }
    quoted = ((key, str(pairs[key]).replace('"', '\\"')) for key in sorted(pairs) if pairs[key] is not None)
    name = "".join([element["tag_name"], *(f".{word}" for word in element.get("attr_class", ()))])
    return name + ":" + "".join(f'{key}="{value}"' for key, value in quoted)


def old_elements(elements: list[Element]) -> list[Element]:
    """The elements as the browser once sent them, in the property `$elements`."""
    return [
        {
            **{"tag_name": one["tag_name"], "nth_child": one["nth_child"], "nth_of_type": one["nth_of_type"]},
            **({"$el_text": one["text"]} if "text" in one else {}),
            **(
                {"classes": one["attr_class"], "attr__class": " ".join(one["attr_class"])}
                if "attr_class" in one
                else {}
            ),
            **({"attr__id": one["attr_id"]} if "attr_id" in one else {}),
            **({"attr__href": one["href"]} if "href" in one else {}),
            **one.get("attributes", {}),
        }
        for one in elements
    ]


class Sessions:
    """Makes the events of one session after the other, all from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.events: list[Event] = []

    def add(self, number: int) -> None:
        """One visit: looking around, buttons that do not answer, a form, sometimes an order."""
        self._person = f"person-{number % 5}"
        self._now = START + timedelta(minutes=7 * number)
        self._session, self._window = (str(UUID(int=self._random.getrandbits(128))) for _ in range(2))
        self._page = "/"
        for page in self._random.sample(PAGES, 3):
            self._view(page)
        self._seldom(number)

    def _view(self, page: str) -> None:
        self._page = page
        self._event("$pageview", title=f"Shop {page}", navigation_type="pushState")
        self._event(
            "$web_vitals",
            None,
            **{"$web_vitals_LCP_value": self._random.randint(800, 5000) + 0.5, "$web_vitals_CLS_value": 0.02},
        )
        for _ in range(self._random.randint(1, 4)):
            self._click(self._random.choice([BUY, LINK]))
        self._event("$autocapture", EMAIL, **{"$event_type": "change"})
        self._event(
            "$pageleave",
            None,
            **{"$prev_pageview_duration": 12.5, "$prev_pageview_max_scroll_percentage": 0.75},
        )

    def _click(self, elements: list[Element]) -> None:
        self._event("$autocapture", elements, **{"$event_type": "click", "$el_text": elements[0]["text"]})

    def _seldom(self, number: int) -> None:
        """What does not occur in every session."""
        rare: list[tuple[str, list[Element] | None, dict[str, Any]]] = [
            ("$rageclick", BUY, {"$event_type": "click"}),
            ("$dead_click", BUY, {"$event_type": "click", "$dead_click_absolute_delay_ms": 2800}),
            (
                "$exception",
                None,
                {"$exception_types": ["TypeError"], "$exception_values": ["x of ann@example.org is null"]},
            ),
            ("$autocapture", EMAIL[1:], {"$event_type": "submit"}),
            ("order completed", None, {"revenue": 49.9, "currency": "EUR", "plan": "gold"}),
            ("survey sent", None, {"$survey_response": "9"}),
            ("$copy_autocapture", LINK, {"$copy_type": "copy", "$selected_content": "secret words"}),
            ("$identify", None, {"$anon_distinct_id": "anonymous-1"}),
            ("button clicked", None, {"label": "buy"}),
        ]
        for at, (name, elements, given) in enumerate(rare):
            if (at + number) % 2 == 0:
                self._event(name, elements, **given)

    def _event(self, name: str, elements: list[Element] | None = None, **given: Any) -> None:
        self._now += timedelta(milliseconds=self._random.randint(90, 4000))
        self.events.append(
            {
                "uuid": str(UUID(int=self._random.getrandbits(128))),
                "event": name,
                "distinct_id": self._person,
                "timestamp": self._now,
                "properties": {**self._always(), **given},
                "elements": elements or [],
            }
        )

    def _always(self) -> dict[str, Any]:
        return {
            **{"$lib": "web", "$lib_version": "1.200.0", "token": "phc_made_up", "distinct_id": self._person},
            **{
                "$session_id": self._session,
                "$window_id": self._window,
                "$device_id": f"device-{self._person}",
            },
            **{
                "$current_url": SITE + self._page + "?utm_source=mail",
                "$host": "shop.example",
                "$pathname": self._page,
            },
            **{
                "$referrer": "$direct",
                "$referring_domain": "$direct",
                "utm_source": "mail",
                "utm_campaign": "spring",
            },
            **{"$browser": "Firefox", "$browser_version": 130, "$browser_language": "fr-FR", "$os": "Linux"},
            **{
                "$device_type": "Desktop",
                "$viewport_width": 1280,
                "$viewport_height": 720,
                "$screen_width": 1920,
            },
            **{"$geoip_country_code": "FR", "$geoip_city_name": "Lyon", "$is_identified": False},
            "$feature/new-cart": "test",
        }


def events(sessions: int, seed: int) -> list[Event]:
    """The events of so many sessions in order of time; `timestamp` is a datetime, `elements` a list."""
    made = Sessions(seed)
    for number in range(sessions):
        made.add(number)
    return sorted(made.events, key=lambda one: (one["timestamp"], one["uuid"]))


def page(made: list[Event]) -> str:
    """A page of the API."""
    results = [
        {
            **{"id": one["uuid"], "distinct_id": one["distinct_id"], "properties": one["properties"]},
            **{"event": one["event"], "timestamp": one["timestamp"].isoformat(), "person": None},
            **{"elements": [], "elements_chain": elements_chain(one["elements"])},
        }
        for one in made
    ]
    return json.dumps({"next": None, "results": results}, indent=1) + "\n"


def batch(made: list[Event]) -> list[Event]:
    """Rows of a batch export, times as text and JSON as objects."""
    return [
        {
            **{
                "uuid": one["uuid"],
                "event": one["event"],
                "properties": one["properties"],
                "person_properties": {},
            },
            **{"distinct_id": one["distinct_id"], "elements_chain": elements_chain(one["elements"])},
            **{"timestamp": one["timestamp"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "person_id": "0"},
            **{"created_at": "2026-03-03T00:00:00Z", "_inserted_at": "2026-03-03T00:00:00Z"},
        }
        for one in made
    ]


def old(made: list[Event]) -> list[Event]:
    """Rows with the elements as a list among the properties."""
    return [
        {
            **{"uuid": one["uuid"], "event": one["event"], "distinct_id": one["distinct_id"]},
            "timestamp": one["timestamp"].isoformat(),
            "properties": {
                **one["properties"],
                **({"$elements": old_elements(one["elements"])} if one["elements"] else {}),
            },
        }
        for one in made
    ]


def lines(rows: list[Event]) -> str:
    """JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def frame(made: list[Event]) -> pl.DataFrame:
    """A batch export as it is written to Parquet: JSON as text, times in microseconds."""
    rows = batch(made)
    texts = ("uuid", "event", "distinct_id", "person_id", "elements_chain")
    columns = {name: pl.Series([row[name] for row in rows], dtype=pl.String()) for name in texts}
    for name in ("properties", "person_properties"):
        columns[name] = pl.Series([json.dumps(row[name]) for row in rows], dtype=pl.String())
    columns["timestamp"] = pl.Series([one["timestamp"] for one in made], dtype=pl.Datetime("us", "UTC"))
    columns["_inserted_at"] = pl.Series(
        [START + timedelta(days=1)] * len(rows), dtype=pl.Datetime("us", "UTC")
    )
    return pl.DataFrame(columns)


def table(made: list[Event]) -> str:
    """The list of events as the page exports it: a column a property."""
    names = list(dict.fromkeys(key for one in made for key in one["properties"]))
    fields = ("uuid", "event", "timestamp", "distinct_id", "elements_chain")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([f"*.{name}" for name in fields] + [f"*.properties.{name}" for name in names])
    for one in batch(made):
        cells = [one["properties"].get(name) for name in names]
        writer.writerow(
            [one[name] for name in fields] + [json.dumps(c) if isinstance(c, list) else c for c in cells]
        )
    return text.getvalue()


def write(made: list[Event], folder: Path) -> None:
    """All five files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "page.json": page(made),
        "batch.jsonl": lines(batch(made)),
        "old.jsonl": lines(old(made)),
        "list.csv": table(made),
    }
    for name, content in texts.items():
        (folder / name).write_text(content, encoding="utf-8")
    frame(made).write_parquet(folder / "batch.parquet")


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description="Made-up events of PostHog.")
    parser.add_argument("--sessions", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    write(events(asked.sessions, asked.seed), asked.out)


if __name__ == "__main__":
    main()
