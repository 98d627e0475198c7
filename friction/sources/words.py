"""Event words of any tracking plan → our kinds.

A word is cut into its parts (`productViewed`, `product-viewed` and `Product Viewed` alike) and the first
rule that fits decides. Only distinct words are looked at, so the rules may be plain Python. What no rule
knows is `custom`; the word itself always stays in `name`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import polars as pl

from friction.schema import KIND, KINDS

_OWN = {kind.replace("_", ""): kind for kind in KINDS}
_SAME = {
    **{"pageviews": "page_view", "pv": "page_view", "pageleave": "page_leave", "unload": "page_leave"},
    **{"doubleclick": "dblclick", "rightclick": "contextmenu", "auxclick": "click", "mouseclick": "click"},
    **{"mousedown": "pointer_down", "mouseup": "pointer_up", "mouseover": "hover", "mouseenter": "hover"},
    **{
        "keyup": "keydown",
        "keypress": "input",
        "beforeunload": "page_leave",
        "visibilitychange": "visibility",
    },
    **{"focusin": "focus", "focusout": "blur", "popstate": "route_change", "pushstate": "route_change"},
    **{"addtocart": "add_to_cart", "addtobasket": "add_to_cart", "addtobag": "add_to_cart"},
    **{"purchase": "conversion", "order": "conversion", "transaction": "conversion", "sale": "conversion"},
}
_CART = frozenset({"cart", "basket", "bag"})
_DONE = frozenset({"complete", "completed", "success", "succeeded", "placed", "paid", "done", "confirmed"})
_BOUGHT = frozenset({"purchase", "purchased", "transaction", "conversion", "converted"})
_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"dom", "mutation"}), "mutation"),
    (frozenset({"error", "exception", "fail", "failed", "failure", "crash"}), "error"),
    (frozenset({"click", "clicked", "tap", "tapped", "press", "pressed"}), "click"),
    (frozenset({"view", "viewed", "page", "visit", "visited", "screen", "pageview"}), "page_view"),
    (frozenset({"scroll", "scrolled"}), "scroll"),
    (frozenset({"input", "type", "typed", "typing", "change", "changed", "keypress"}), "input"),
    (frozenset({"submit", "submitted", "submission"}), "submit"),
)
_LATER_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"key", "keyboard"}), "keydown"),
    (frozenset({"search", "searched"}), "search"),
    (frozenset({"back", "return"}), "route_change"),
    (frozenset({"hover", "hovered"}), "hover"),
    (frozenset({"download", "downloaded"}), "download"),
    (frozenset({"video", "play", "pause"}), "media"),
    (frozenset({"resize", "resized"}), "resize"),
)
_TABLE = 1_000
"""Distinct words of the sample that are looked up in the engine."""
Rule = Callable[[str], str | None]
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")


def kinds(column: pl.Expr, seen: pl.Series) -> pl.Expr:
    """The kind of every word (Enum `KIND`); null stays null. `seen` are sampled words, which go a faster
    way.
    """
    return _mapped(column, seen, kind_of, KIND)


def nav_kinds(column: pl.Expr, seen: pl.Series) -> pl.Expr:
    """`back_forward` for words that say that the visitor went back; else null."""
    return _mapped(column, seen, nav_kind_of, pl.String())


def _mapped(column: pl.Expr, seen: pl.Series, rule: Rule, dtype: pl.DataType) -> pl.Expr:
    """Words of the sample as numbers, looked up in a list (three times quicker than a table of words); the others,
    if any, by the rule."""
    words = seen.drop_nulls().unique().sort().head(_TABLE)
    known = pl.Enum(words)
    values = pl.Series(map(rule, words), dtype=dtype)

    def looked_up(given: pl.Series) -> pl.Series:
        numbers = given.cast(known, strict=False)
        found = values.gather(numbers.to_physical()).alias(given.name)
        rest = given.filter(numbers.is_null() & given.is_not_null()).unique()
        return (
            found
            if rest.is_empty()
            else found.zip_with(numbers.is_not_null(), _by_rule(given, rest, rule, dtype))
        )

    return column.cast(pl.String()).map_batches(looked_up, return_dtype=dtype, is_elementwise=True)


def _by_rule(given: pl.Series, distinct: pl.Series, rule: Rule, dtype: pl.DataType) -> pl.Series:
    kinds = pl.Series(map(rule, distinct), dtype=dtype)
    return given.replace_strict(distinct, kinds, default=None, return_dtype=dtype)


@lru_cache(maxsize=10_000)
def kind_of(word: str) -> str:
    """The kind of one event word."""
    parts = _parts(word)
    joined = "".join(parts)
    for form in (joined, joined.removesuffix("s")):
        if kind := _OWN.get(form) or _SAME.get(form):
            return kind
    if _CART.union(f"{word}s" for word in _CART) & parts.keys() and (
        len(parts) == 1 or {"add", "added"} & parts.keys()
    ):
        return "add_to_cart" if not {"click", "clicked", "tap"} & parts.keys() else "click"
    if kind := _first(_RULES, parts):
        return kind
    if _BOUGHT & parts.keys() or ({"order", "checkout", "payment"} & parts.keys() and _DONE & parts.keys()):
        return "conversion"
    return _first(_LATER_RULES, parts) or "custom"


def nav_kind_of(word: str) -> str | None:
    """`back_forward` when the word is about going back."""
    parts = _parts(word)
    is_back = kind_of(word) == "route_change" and {"back", "return", "popstate"} & parts.keys()
    return "back_forward" if is_back else None


def is_known(word: str) -> bool:
    """Some rule knows this word."""
    return kind_of(word) != "custom" or _parts(word).keys() == {"custom"}


def _parts(word: str) -> dict[str, None]:
    """Lower-case parts in their order."""
    return dict.fromkeys(part.lower() for part in _PART.findall(word))


def _first(rules: tuple[tuple[frozenset[str], str], ...], parts: dict[str, None]) -> str | None:
    singular = parts.keys() | {part.removesuffix("s") for part in parts}
    return next((kind for known, kind in rules if known & singular), None)
