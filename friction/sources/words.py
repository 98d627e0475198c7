"""Event words of any tracking plan → our kinds.

A word is cut into its parts (`productViewed`, `product-viewed` and `Product Viewed` alike), without accents, and the
first rule that fits decides. Plans are written in English or French; French words that mean something else in English
(`consultation`, `validation`) are left out. Only distinct words are looked at, so the rules may be plain Python. What
no rule knows is `custom`; the word itself always stays in `name`.
"""

from __future__ import annotations

import re
import unicodedata
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
    **{"achat": "conversion", "commande": "conversion", "vente": "conversion"},
}
_CART = frozenset({"cart", "basket", "bag", "panier"})
_ADDED = frozenset({"add", "added", "ajout", "ajoute", "ajouter"})
_CLICKED = frozenset({"click", "clicked", "tap", "clic", "clique", "cliquer"})
_ORDER = frozenset({"order", "checkout", "payment", "commande", "paiement"})
_DONE = frozenset(
    {
        *("complete", "completed", "success", "succeeded", "placed", "paid", "done", "confirmed"),
        *("validee", "valide", "confirmee", "confirme", "passee", "payee", "terminee", "reussi", "reussie"),
    }
)
_BOUGHT = frozenset({"purchase", "purchased", "transaction", "conversion", "converted", "achat", "achete"})
_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"dom", "mutation"}), "mutation"),
    (
        frozenset({"error", "exception", "fail", "failed", "failure", "crash", "erreur", "echec", "echoue"}),
        "error",
    ),
    (frozenset({*_CLICKED, "tapped", "press", "pressed"}), "click"),
    # Before the page, which is what is scrolled.
    (frozenset({"scroll", "scrolled", "defilement"}), "scroll"),
    (
        frozenset(
            {
                *("view", "viewed", "page", "visit", "visited", "screen", "pageview"),
                *("vue", "visite", "visitee", "ecran", "affichage", "affiche", "affichee"),
            }
        ),
        "page_view",
    ),
    (
        frozenset({"input", "type", "typed", "typing", "change", "changed", "keypress", "saisie", "saisi"}),
        "input",
    ),
    (frozenset({"submit", "submitted", "submission", "envoi", "envoye", "soumission", "soumis"}), "submit"),
)
_LATER_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"key", "keyboard", "touche", "clavier"}), "keydown"),
    (frozenset({"search", "searched", "recherche"}), "search"),
    (frozenset({"back", "return", "retour"}), "route_change"),
    (frozenset({"hover", "hovered", "survol"}), "hover"),
    (frozenset({"download", "downloaded", "telechargement", "telecharge"}), "download"),
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
        len(parts) == 1 or _ADDED & parts.keys()
    ):
        return "add_to_cart" if not _CLICKED & parts.keys() else "click"
    if kind := _first(_RULES, parts):
        return kind
    if _BOUGHT & parts.keys() or (_ORDER & parts.keys() and _DONE & parts.keys()):
        return "conversion"
    return _first(_LATER_RULES, parts) or "custom"


def nav_kind_of(word: str) -> str | None:
    """`back_forward` when the word is about going back."""
    parts = _parts(word)
    is_back = kind_of(word) == "route_change" and {"back", "return", "retour", "popstate"} & parts.keys()
    return "back_forward" if is_back else None


def is_known(word: str) -> bool:
    """Some rule knows this word."""
    return kind_of(word) != "custom" or _parts(word).keys() == {"custom"}


def _parts(word: str) -> dict[str, None]:
    """Lower-case parts in their order, without accents."""
    apart = unicodedata.normalize("NFKD", word)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return dict.fromkeys(part.lower() for part in _PART.findall(plain))


def _first(rules: tuple[tuple[frozenset[str], str], ...], parts: dict[str, None]) -> str | None:
    singular = parts.keys() | {part.removesuffix("s") for part in parts}
    return next((kind for known, kind in rules if known & singular), None)
