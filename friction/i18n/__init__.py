"""The languages of everything people read: sentences by gettext catalogues, numbers, dates and money by babel.

    speak = language("fr")
    speak.text("Start with: {title}.", title=title)      # the English sentence is the key
    speak.plural("{n} file", "{n} files", 4106)          # {n} is written as the language writes numbers
    speak.of("button", "Open")                           # the same word in another context

Inside, codes and figures travel and never sentences; they become words where a person reads them (`friction.render`,
`friction.cli`, the service). `make messages` collects what is said and compiles the catalogues, and a test fails while
one is not complete. Templates call the same three names as functions (`Language.functions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from friction.i18n.language import DEFAULT, LANGUAGES, N_, Language, chosen, language

if TYPE_CHECKING:
    from friction.i18n.points import (
        ENGLISH,
        advice_of,
        place,
        recommendation,
        relabelled,
        title,
        title_of,
        title_within,
    )

__all__ = [
    "DEFAULT",
    "ENGLISH",
    "LANGUAGES",
    "N_",
    "Language",
    "advice_of",
    "chosen",
    "language",
    "place",
    "recommendation",
    "relabelled",
    "title",
    "title_of",
    "title_within",
]


def __getattr__(name: str) -> Any:
    """What speaks of points is loaded when somebody does: it knows the whole report."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from friction.i18n import points

    return getattr(points, name)
