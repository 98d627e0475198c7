"""Times that are all written in the same places, read digit by digit for all at once: a tenth of a parser's work.

    YYYY-MM-DDThh:mm:ss.fff      2026-03-02T08:00:00.527
    DD/bbb/YYYY:hh:mm:ss ±zzuu   02/Mar/2026:10:00:00 +0200

As soon as one of them is written otherwise, or is no time of the years that are read, there is no answer: all are then
left to the general readers (`friction.sources.clocks`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Letters = NDArray[np.uint8]
"""A row a place, a column a text: letters less that of zero, so that a digit is its number."""
Parts = NDArray[np.unsignedinteger[Any]]
Numbers = NDArray[np.int64]
CLF = "DD/bbb/YYYY:hh:mm:ss ±zzuu"
"""As web servers write."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
_DIGITS = "YMDhmsfzu"
_ZERO = ord("0")
_SIGNS = ((ord("+") - _ZERO) % 256, (ord("-") - _ZERO) % 256)
_FINEST = 6
_ISO = re.compile(r"\d{4}-\d\d-\d\d.\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII)
_MONTHS = np.arange(f"{FIRST_YEAR}-01", f"{LAST_YEAR}-02", dtype="datetime64[M]")
_STARTS = _MONTHS.astype("datetime64[D]").astype(np.int64)
"""Days since 1970 on which the months of these years begin, and the first one after them."""
_NAMES = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_MOST = {"h": 23, "m": 59, "s": 59, "z": 23, "u": 59}


def iso_form(values: pl.Series, blank: str, *, is_zoned: bool) -> str | None:
    """How the first of these texts is written where that is ISO, to the second or finer, with `blank` between date and
    time of day, and with `Z` or an offset where `is_zoned`; else null.
    """
    found = _ISO.fullmatch(str(values.first()))
    if found is None or bool(found[2]) != is_zoned:
        return None
    fraction = re.sub(r"\d", "f", found[1] or "")
    return f"YYYY-MM-DD{blank}hh:mm:ss{fraction}{_zone(found[2] or '')}"


def _zone(written: str) -> str:
    """The form of an offset."""
    return written if len(written) < 2 else f"±zz{':' * (':' in written)}{'uu' * (len(written) > 3)}"


def microseconds(values: pl.Series, form: str) -> Numbers | None:
    """Microseconds since 1970 of texts that are all written so, in UTC where `form` has an offset; null for others."""
    letters = _letters(values, len(form))
    if letters is None or not _are_written(letters, form):
        return None
    part = {one: _number(letters, form, one) for one in _DIGITS}
    if any(part[one].max() > most for one, most in _MOST.items()):
        return None
    days = _days(part["Y"], _named(letters, form) if "b" in form else part["M"], part["D"])
    return None if days is None else _together(days, part, form, _offset(letters, form, part))


def _together(days: Numbers, part: Mapping[str, Parts], form: str, offset: Numbers | int) -> Numbers:
    """Microseconds of days and parts of a day; `days` are used up."""
    found = days
    for size, more in ((24, part["h"]), (60, part["m"]), (60, part["s"])):
        found *= size
        found += more
    found -= offset
    found *= 10 ** form.count("f")
    found += part["f"]
    found *= 10 ** (_FINEST - form.count("f"))
    return found


def _letters(values: pl.Series, size: int) -> Letters | None:
    """The letters of texts that all have so many bytes, less that of zero; null for others."""
    widths = values.str.len_bytes()
    if values.null_count() or widths.min() != size or widths.max() != size:
        return None
    rows = values.cast(pl.Binary()).bin.reinterpret(dtype=pl.Array(pl.UInt8(), size)).to_numpy()
    letters: Letters = rows.T.copy(order="C")
    letters -= _ZERO
    return letters


def _are_written(letters: Letters, form: str) -> bool:
    """Whether digits stand where the form has some, and else its own letters."""
    signs = [at for at, one in enumerate(form) if one == "±"]
    # Of letters before the first digit the difference goes round, and is large.
    return all(
        letters[at].max() <= 9 if one in _DIGITS else (letters[at] == _less(one)).all()
        for at, one in enumerate(form)
        if one not in "b±"
    ) and bool(np.isin(letters[signs], _SIGNS).all())


def _less(letter: str) -> int:
    """What a letter is in `Letters`."""
    return (ord(letter) - _ZERO) % 256


def _number(letters: Letters, form: str, part: str) -> Parts:
    """The number whose digits stand in the places of this part; 0 where the form has none."""
    first, size = form.find(part), form.count(part)
    # In as few bytes as hold the number: what is worked out then stays in the cache, and its memory at hand.
    found: Parts = np.zeros(letters.shape[1], np.uint8 if size < 3 else np.uint16 if size < 5 else np.uint32)
    for row in letters[first : first + size]:
        found = found * 10 + row
    return found


def _named(letters: Letters, form: str) -> Parts:
    """The month by its name; 0 for no name."""
    first, found = form.index("b"), np.zeros(letters.shape[1], np.uint8)
    names = letters[first : first + 3].T
    for number, name in enumerate(_NAMES, start=1):
        found[(names == np.frombuffer(name, np.uint8) - _ZERO).all(axis=1)] = number
    return found


def _days(year: Parts, month: Parts, day: Parts) -> Numbers | None:
    """Days since 1970; null where one is no day of these years."""
    if year.min() < FIRST_YEAR or year.max() >= LAST_YEAR or month.min() < 1 or month.max() > len(_NAMES):
        return None
    at = (year - FIRST_YEAR) * len(_NAMES) + month - 1
    found: Numbers = _STARTS[at] + day - 1
    return found if day.min() >= 1 and (found < _STARTS[at + 1]).all() else None


def _offset(letters: Letters, form: str, part: Mapping[str, Parts]) -> Numbers | int:
    """Seconds by which a clock is ahead of UTC."""
    if "±" not in form:
        return 0
    size = (part["z"].astype(np.int64) * 60 + part["u"]) * 60
    return np.where(letters[form.index("±")] == _less("-"), -size, size)
