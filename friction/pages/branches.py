"""Mining: which words of a path are a vocabulary of the site, and which are names of things without end.

The paths of one host form a tree of shapes. At every node the words that follow are looked at together:

- many of them, mostly written like slugs, each rare: they become one `:slug` (`:id` when most are codes);
- ten or more that differ only in a number (`section-1`, `section-2` …): one `:slug`;
- few, or plain words: they stay, as do words that every site uses (`cart`, `login`), words with a section of
  their own below, and single words with a large share of the views;
- language codes at the top, two of them or one with a region (`/fr`, `/en-us`): one `:locale`, so that a page
  is one page in all languages (the report breaks down by `lang`).

`keep` in `[pages]` undoes any of this for a word.
What one node merges is looked at together below it. All sums are integers and all ties go by name, so the
outcome depends on the set of paths alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from statistics import median_low

from friction.pages.segments import DAY, YEAR
from friction.pages.types import KNOWN
from friction.privacy.tokens import words
from friction.values import dataclass

FEW = 12
"""Below a word of `COLLECTIONS` this many names are enough: it says itself that things follow."""
SOME = 40
"""Elsewhere this many, and most of them slugs: menus and lists of categories end before."""
MANY = 200
"""No site has so many words of its own at one place: names, whatever they look like."""
FAMILY = 10
"""Words that differ only in a number."""
HEAVY = 0.05
"""A single word with this share of the views at its place is a page of its own."""

COLLECTIONS = words(
    "product products produit produits item items p dp blog post posts article articles actualites news"
    " story stories recipe recipes recette recettes user users member members profile profiles author"
    " authors tag tags question questions job jobs event events video videos watch listing listings hotel"
    " hotels"
)
"""Words after which the name of a thing is expected."""

LANGUAGES = words(
    "ar be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko lt"
    " lv mk ms mt nb nl nn no pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur uz vi zh us gb uk at ch au"
    " nz ie ca in sg br mx"
)
"""Two-letter codes that open an address: languages, and the countries that sites use in their place."""

_LOCALE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|hans|hant|latn|cyrl|arab|\d{3}))?")
"""With a country, a world region or one of the scripts that sites tell apart; `/it-help` is a page."""
_SLUG = re.compile(r".*\d.*|.*[^\W_][-_. +][^\W_].*|.{21,}")
_CODE = re.compile(r"(?=.*\d)[^-_. ]+")
_DIGITS = re.compile(r"\d+")
_PARTS = {":date2": 2, ":date3": 3}
_NAMES = frozenset({":id", ":slug", YEAR, DAY})

Weight = tuple[int, int]
"""Number of addresses, number of views."""
Paths = Mapping[tuple[str, ...], Weight]
Children = dict[str, dict[tuple[str, ...], Weight]]


@dataclass(frozen=True)
class Branch:
    """What may follow a pattern: shape → how it is written and what comes then; `other`: words never seen."""

    steps: Mapping[str, tuple[str, Branch]]
    other: tuple[str, Branch] | None = None

    def written(self, shapes: tuple[str, ...]) -> tuple[str, ...]:
        """These shapes as segments of the template."""
        found: list[str] = []
        branch, rest = self, list(reversed(shapes))
        while rest:
            shape = rest.pop()
            step = branch.steps.get(shape)
            if step is None and shape in _PARTS:
                rest += [":id"] * _PARTS[shape]
                continue
            word, branch = step or (None if shape[0] == ":" else branch.other) or (_default(shape), LEAF)
            found.append(word)
        return tuple(found)


LEAF = Branch({})


def grow(paths: Paths, parent: str = "", keep: Set[str] = frozenset()) -> Branch:
    """The branch below `parent` (`""`: the root), decided from the paths that remain below it."""
    children = _children(paths)
    if not children:
        return LEAF
    writing, other = _writing(children, parent, keep)
    merged: Children = defaultdict(dict)
    for shape in sorted(children):
        _add(merged[writing[shape]], children[shape])
    branches = {word: grow(below, _parent(word), keep) for word, below in sorted(merged.items())}
    steps = {shape: (word, branches[word]) for shape, word in writing.items()}
    return Branch(steps, (other, branches[other]) if other else None)


def _parent(word: str) -> str:
    """Behind a language and in a hash route the site begins anew."""
    return "" if word in {":locale", "#"} else word


def _children(paths: Paths) -> Children:
    children: Children = defaultdict(dict)
    for shapes, weight in paths.items():
        if shapes:
            below, rest = children[shapes[0]], shapes[1:]
            before = below.get(rest)
            below[rest] = weight if before is None else (before[0] + weight[0], before[1] + weight[1])
    if not _dated(children, pairs=True):
        for date, parts in _PARTS.items():
            for rest, weight in children.pop(date, {}).items():
                _add(children[":id"], {(":id",) * (parts - 1) + rest: weight})
    return children


def _add(into: dict[tuple[str, ...], Weight], paths: Paths) -> None:
    for rest, weight in paths.items():
        before = into.get(rest)
        into[rest] = weight if before is None else (before[0] + weight[0], before[1] + weight[1])


def _dated(children: Children, *, pairs: bool) -> bool:
    """Whether numbers like 2024 are years: with a month behind unless ids abound, alone if ids are few."""
    dates = sum(_addresses(children, shape) for shape in (":date", *_PARTS))
    ids = _addresses(children, ":id") + _addresses(children, DAY)
    if pairs or dates:
        return ids <= 4 * dates
    return 4 * ids <= _addresses(children, YEAR)


def _addresses(children: Children, shape: str) -> int:
    return sum(addresses for addresses, _ in children[shape].values()) if shape in children else 0


def _default(shape: str) -> str:
    return ":date" if shape in _PARTS else ":id" if shape in {YEAR, DAY} else shape


def _writing(children: Children, parent: str, keep: Set[str]) -> tuple[dict[str, str], str | None]:
    """How every shape here is written, and how an unseen word is (null: as it stands)."""
    writing = {shape: _default(shape) for shape in children}
    if YEAR in children and _dated(children, pairs=False):
        writing[YEAR] = ":date"
    free = {shape for shape in children if shape[0] != ":" and shape not in keep}
    locales = _locales(free) if not parent else set()
    names, is_open = _names(children, free - locales - KNOWN, parent)
    writing.update(dict.fromkeys(locales, ":locale"))
    writing.update(dict.fromkeys(names, _label(names)))
    alike = names | {shape for shape in _NAMES & children.keys() if writing[shape] != ":date"}
    if len({writing[shape] for shape in alike}) > 1:
        tally: Counter[str] = Counter()
        for shape in alike:
            tally[writing[shape]] += _addresses(children, shape)
        label = min(tally, key=lambda word: (-tally[word], word))
        writing.update(dict.fromkeys(alike, label))
    return writing, writing[min(names)] if is_open else None


def _locales(shapes: Set[str]) -> set[str]:
    found = {shape for shape in shapes if (code := _LOCALE.fullmatch(shape)) and code[1] in LANGUAGES}
    return found if len(found) > 1 or any(len(shape) > 2 for shape in found) else set()


def _names(children: Children, free: Set[str], parent: str) -> tuple[set[str], bool]:
    """The words here that are names of things, and whether any further word would be one too."""
    slugs = {shape for shape in free if _SLUG.fullmatch(shape)}
    is_open = (
        (parent in COLLECTIONS and len(free) >= FEW and _alike(children, free))
        or (len(free) >= SOME and 5 * len(slugs) >= 3 * len(free))
        or len(free) >= MANY
    )
    names = set(free - _sections(children, free)) if is_open else set()
    if is_open and parent not in COLLECTIONS:
        names -= _heavy(children, names - slugs)
    return names | _families(free), is_open and bool(names)


def _alike(children: Children, free: Set[str]) -> bool:
    """Whether these words have nothing below, or mostly the same: things are alike, sections are not."""
    if _are_leaves(children, free):
        return True
    below = Counter(step for shape in free for step in {rest[0] for rest in children[shape] if rest})
    return 2 * sum(times for times in below.values() if times > 1) >= below.total()


def _are_leaves(children: Children, free: Set[str]) -> bool:
    return median_low(sorted(len(children[shape]) for shape in free)) == 1


def _sections(children: Children, free: Set[str]) -> set[str]:
    """Words with a section of pages below while their neighbours have none."""
    if not _are_leaves(children, free):
        return set()
    return {shape for shape in free if len(children[shape]) >= 5}


def _heavy(children: Children, plain: Iterable[str]) -> set[str]:
    views = {shape: sum(views for _, views in below.values()) for shape, below in children.items()}
    limit = HEAVY * sum(views.values())
    return {shape for shape in plain if views[shape] >= limit}


def _families(free: Set[str]) -> set[str]:
    families: dict[str, set[str]] = defaultdict(set)
    for shape in free:
        families[_DIGITS.sub("#", shape)].add(shape)
    many = [family for name, family in families.items() if "#" in name and len(family) >= FAMILY]
    return set().union(*many)


def _label(names: Set[str]) -> str:
    codes = sum(1 for name in names if _CODE.fullmatch(name))
    return ":id" if 2 * codes > len(names) else ":slug"
