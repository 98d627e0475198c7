"""From addresses to pages: `/product/40013?ref=home` is one view of the page `/product/:id`.

A template starts with `/`; pages of other hosts than the main one carry it in front
(`help.example.com/faq`); the screens of an app have no slash at all. Rules of the user come first, then
what a segment says by itself (`segments`), then what the addresses say together (`branches`). The same
addresses and counts give the same templates in any order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from hashlib import blake2b

from friction.pages.branches import Branch, Weight, grow
from friction.pages.places import Place, normal_host, place, shaped
from friction.pages.rules import Patterns
from friction.pages.segments import Shapes, plain
from friction.pages.types import type_of
from friction.values import dataclass

MINED = 1_000_000
"""Distinct paths that mining looks at; of more, those with the smallest hash stand for all."""


@dataclass(frozen=True)
class PageRules:
    """The user's word (`[pages]`), which beats everything that is found."""

    templates: tuple[str, ...] = ()
    """Templates such as `/item/:slug` or `/wiki/*` (anything below), tried in this order."""
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Page type → patterns of templates, in the same form."""
    keep: tuple[str, ...] = ()
    """Segments that stay as they are wherever they stand, such as `fr` or `2024`."""
    main_host: str | None = None
    """The host whose pages are written without one; null: the one with most views."""


@dataclass(frozen=True)
class Pages:
    """What was found. `types` holds the templates whose type is known."""

    main_host: str | None
    templates: list[str]
    """One for each address, in the order of the addresses."""
    types: dict[str, str]


NO_RULES = PageRules()

Path = tuple[str, tuple[str, ...]]
"""Host (`""`: the main one) and shapes."""


def mine(addresses: Sequence[str], counts: Sequence[int], rules: PageRules = NO_RULES) -> Pages:
    """The page template of every address; `counts` are views. Addresses may repeat, their views add up."""
    views: dict[str, int] = {}
    for address, count in zip(addresses, counts, strict=True):
        views[address] = views.get(address, 0) + count
    places = {address: place(address) for address in views}
    main = normal_host(rules.main_host) if rules.main_host else _main_host(places, views)
    found = _Templates(places, views, main or "", rules)
    written = found.all()
    types = {template: kind for template in set(written.values()) if (kind := found.type_of(template))}
    return Pages(main, [written[address] for address in addresses], dict(sorted(types.items())))


def _main_host(places: Mapping[str, Place], views: Mapping[str, int]) -> str | None:
    tally: Counter[str] = Counter()
    for address, (host, _, _) in places.items():
        tally[host] += views[address]
    del tally[""]
    return min(tally, key=lambda host: (-tally[host], host)) if tally else None


class _Templates:
    """Templates of one set of addresses: decided when this is made, then each address is looked up."""

    def __init__(
        self, places: Mapping[str, Place], views: Mapping[str, int], main: str, rules: PageRules
    ) -> None:
        self._fixed, self._types = Patterns(rules.templates), Patterns.by_value(rules.types)
        shapes = Shapes(rules.keep)
        self._told: dict[str, str] = {}
        self._paths: dict[str, Path] = {}
        for address, (host, segments, screen) in places.items():
            front = "" if host == main else host
            if screen:
                self._told[address] = screen
            elif self._fixed and (template := self._fixed.find(front, segments)):
                self._told[address] = template
            else:
                self._paths[address] = (front, shaped(segments, shapes))
        self._branches = _branches(self._paths, views, frozenset(map(plain, rules.keep)))

    def all(self) -> dict[str, str]:
        """Address → template."""
        written = {
            path: path[0] + "/" + "/".join(self._branches[path[0]].written(path[1]))
            for path in set(self._paths.values())
        }
        return self._told | {address: written[path] for address, path in self._paths.items()}

    def type_of(self, template: str) -> str | None:
        host, slash, path = template.partition("/")
        segments = tuple(filter(None, path.split("/"))) if slash else (template,)
        return self._types.find(host if slash else "", segments) or type_of(segments, host if slash else "")


def _branches(paths: Mapping[str, Path], views: Mapping[str, int], keep: frozenset[str]) -> dict[str, Branch]:
    weights: dict[Path, Weight] = {}
    for address, path in paths.items():
        addresses, seen = weights.get(path, (0, 0))
        weights[path] = (addresses + 1, seen + views[address])
    forest: dict[str, dict[tuple[str, ...], Weight]] = defaultdict(dict)
    for host, shapes in sample(weights, MINED):
        forest[host][shapes] = weights[host, shapes]
    for host, _ in weights:
        forest[host]
    return {host: grow(below, keep=keep) for host, below in forest.items()}


def sample(paths: Iterable[Path], size: int) -> list[Path]:
    """At most `size` of these paths: the ones with the smallest hash, so the same ones in any order."""
    everything = list(paths)
    if len(everything) <= size:
        return everything
    return sorted(everything, key=_hash)[:size]


def _hash(path: Path) -> tuple[bytes, Path]:
    host, shapes = path
    text = "\n".join((host, *shapes)).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8).digest(), path
