"""One language: how it says sentences, numbers, dates and money. Loads fast: babel comes with the first number."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction.i18n import numbers
from friction.values import dataclass

if TYPE_CHECKING:
    from datetime import date as Day
    from datetime import datetime

LANGUAGES = ("en", "fr")
DEFAULT = "en"
LOCALES = Path(__file__).parent / "locales"
DOMAIN = "friction"


def N_(message: str) -> str:
    """Marks a message that is said later; returns it unchanged."""
    return message


@dataclass(frozen=True)
class Language:
    """Sentences are keyed by their English; `{name}` in them is filled from the values of the same name."""

    code: str
    catalogue: gettext.NullTranslations

    def text(self, message: str, **values: object) -> str:
        """The message in this language, filled; a message without values is taken as it is."""
        return _filled(self.catalogue.gettext(message), values)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form that goes with `n`; `{n}` in it is `n` as `whole` writes it."""
        return _filled(self.catalogue.ngettext(one, many, n), {"n": self.whole(n), **values})

    def amount(self, one: str, many: str, x: float, digits: int = 2, **values: object) -> str:
        """As `plural`, of a figure that may have places behind the point; `{n}` is `x` as `decimal` writes it."""
        n = 1 if numbers.is_one(x, self.code, digits) else 2
        return _filled(self.catalogue.ngettext(one, many, n), {"n": self.decimal(x, digits), **values})

    def of(self, context: str, message: str, **values: object) -> str:
        """As `text`, for a short word whose translation depends on where it stands."""
        return _filled(self.catalogue.pgettext(context, message), values)

    def word(self, group: str, code: str) -> str:
        """What people read instead of a code (`friction.i18n.codes`): `word("reason", "stepper")`."""
        from friction.i18n.codes import message

        known = message(group, code)
        return self.text(known) if known else code.replace("_", " ")

    def whole(self, n: float) -> str:
        """A count with thousands separators: `4,106`, `4 106`; a true minus."""
        return numbers.whole(n, self.code)

    def decimal(self, x: float, digits: int = 3) -> str:
        """`digits` significant digits, never with an exponent: `0.0123`, `14,9`; whole from 10 to the power of them."""
        return numbers.decimal(x, self.code, digits)

    def fixed(self, x: float, places: int) -> str:
        """`places` digits behind the point, zeros as well: `0.60`, `−0,63`."""
        return numbers.fixed(x, self.code, places)

    def bounded(self, x: float, least: float = 0.001, most: float = 100, digits: int = 2) -> str:
        """As `decimal`, but `< 0.001` and `> 100` beyond what anybody can make use of."""
        return numbers.bounded(x, self.code, (least, most), digits)

    def percent(self, share: float | None, places: int = 1) -> str:
        """A share of 0–1: `14.9 %`; empty when it is not known."""
        return "" if share is None else numbers.percent(share, self.code, places)

    def money(self, amount: float, currency: str | None) -> str:
        """Whole units, two significant digits from 10,000 on: `€3,500`, `3 500 €`; a number where none is known."""
        return numbers.money(amount, self.code, currency)

    def date(self, day: Day | datetime | str) -> str:
        """`29 September 2026`; takes ISO text as well, and leaves other text as it is."""
        return numbers.date(day, self.code)

    def day(self, when: Day | datetime | str) -> str:
        """As `date`, in short: `29 Sept 2026`."""
        return numbers.date(when, self.code, "medium")

    def moment(self, when: datetime | str, zone: str = "UTC") -> str:
        """`29 Sept 2026, 14:03:05` in this zone; text or time without a zone is taken as UTC."""
        return numbers.moment(when, self.code, zone)

    def duration(self, seconds: float) -> str:
        """In the two largest units that matter: `180 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`."""
        return numbers.duration(seconds, self.code)

    def between(self, low: float | str, high: float | str) -> str:
        """`between 22 and 63`; numbers are written as counts, texts (money, shares) are taken as they are."""
        ends = [end if isinstance(end, str) else self.whole(end) for end in (low, high)]
        return self.text("between {low} and {high}", low=ends[0], high=ends[1])

    def listed(self, words: Iterable[str]) -> str:
        """`a, b and c`."""
        return numbers.listed(list(words), self.code)

    @property
    def functions(self) -> dict[str, Callable[..., str]]:
        """What templates call as functions; extraction finds the first three there."""
        return {"text": self.text, "plural": self.plural, "of": self.of, "word": self.word}


@cache
def language(code: str) -> Language:
    """The language of this code, one of `LANGUAGES`. Raises `KeyError` for others."""
    if code not in LANGUAGES:
        raise KeyError(code)
    if code == DEFAULT:  # the keys are its sentences
        return Language(code, gettext.NullTranslations())
    with (LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return Language(code, gettext.GNUTranslations(file))


def chosen(*wishes: str | None) -> str:
    """The first wish that names a known language (`fr`, `fr_CA.UTF-8`, the list `de:fr` of `LANGUAGE`), else English.

    `C` and `POSIX` mean English. A wish that is null, empty or another language passes the choice on to the next.
    """
    for wish in wishes:
        for word in (wish or "").split(":"):
            code = re.split(r"[-_.@]", word.strip().lower(), maxsplit=1)[0]
            if code in LANGUAGES:
                return code
            if code in {"c", "posix"}:
                return DEFAULT
    return DEFAULT


def _filled(message: str, values: dict[str, Any]) -> str:
    return message.format(**values) if values else message
