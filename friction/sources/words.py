"""Event words of any tracking plan → our kinds.

A word is cut into its parts (`productViewed`, `product-viewed` and `Product Viewed` alike) and the first rule that fits
decides. Only distinct words are looked at, so the rules may be plain Python. What no rule knows is `custom`; the word
itself always stays in `name`.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from friction.schema import KIND, KINDS

_OWN = {kind.replace("_", ""): kind for kind in KINDS}
_SAME = {
    **{"pageviews": "page_view", "pv": "page_view", "pageleave": "page_leave", "unload": "page_leave"},
    **{"doubleclick": "dblclick", "rightclick": "contextmenu", "auxclick": "click", "mouseclick": "click"},
    **{"mousedown": "pointer_down", "mouseup": "pointer_up", "mouseover": "hover", "mouseenter": "hover"},
    **{"keyup": "keydown", "keypress": "input", "beforeunload": "page_leave", "visibilitychange": "visibility"},
    **{"focusin": "focus", "focusout": "blur", "popstate": "route_change", "pushstate": "route_change"},
    **{"addtocart": "add_to_cart", "addtobasket": "add_to_cart", "addtobag": "add_to_cart"},
    **{"purchase": "conversion", "order": "conversion", "transaction": "conversion", "sale": "conversion"},
}
_CART = frozenset({"cart", "basket", "bag"})
_DONE = frozenset({"complete", "completed", "success", "succeeded", "placed", "paid", "done", "confirmed"})
_BOUGHT = frozenset({"purchase", "purchased", "transaction", "conversion", "converted"})
_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"error", "exception", "fail", "failed", "failure", "crash"}), "error"),
    (frozenset({"click", "clicked", "tap", "tapped", "press", "pressed"}), "click"),
    (frozenset({"view", "viewed", "page", "visit", "visited", "screen", "pageview"}), "page_view"),
    (frozenset({"scroll", "scrolled"}), "scroll"),
    (frozenset({"input", "type", "typed", "typing", "change", "changed", "keypress"}), "input"),
    (frozenset({"submit", "submitted", "submission"}), "submit"),
)
_LATER_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"dom", "mutation"}), "mutation"),
    (frozenset({"key", "keyboard"}), "keydown"),
    (frozenset({"search", "searched"}), "search"),
    (frozenset({"back", "return"}), "route_change"),
    (frozenset({"hover", "hovered"}), "hover"),
    (frozenset({"download", "downloaded"}), "download"),
    (frozenset({"video", "play", "pause"}), "media"),
    (frozenset({"resize", "resized"}), "resize"),
)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")


def kinds(words: pl.Series) -> pl.Series:
    """The kind of every word (Enum `KIND`); null stays null."""
    return _mapped(words, kind_of, KIND)


def nav_kinds(words: pl.Series) -> pl.Series:
    """`back_forward` for words that say that the visitor went back; else null."""
    return _mapped(words, nav_kind_of, pl.String())


def _mapped(words: pl.Series, rule: object, dtype: pl.DataType) -> pl.Series:
    text = words.cast(pl.String())
    distinct = text.unique().drop_nulls()
    return text.replace_strict(
        distinct, pl.Series([rule(word) for word in distinct], dtype=dtype), default=None, return_dtype=dtype  # type: ignore[operator]
    )


@lru_cache(maxsize=10_000)
def kind_of(word: str) -> str:
    """The kind of one event word."""
    parts = _parts(word)
    joined = "".join(parts)
    for form in (joined, joined.removesuffix("s")):
        if kind := _OWN.get(form) or _SAME.get(form):
            return kind
    if _CART.union(f"{word}s" for word in _CART) & parts.keys() and (len(parts) == 1 or {"add", "added"} & parts.keys()):
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
