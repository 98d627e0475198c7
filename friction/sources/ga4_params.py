"""The parameters of Google Analytics 4: lists of a key and a value, taken apart by their distinct entries.

    [{"key": "page_title", "value": {"string_value": "Shop", "int_value": null}}, {"key": …}]

An event has some six of them, and of a million entries few thousand are different. Where the lists are texts, these are
cut between two entries; what is between the cuts is one entry each, since each is read as one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from polars.exceptions import ComputeError, PolarsError

from friction.tables.pools import distinct
from friction.tables.tearing import split
from friction.values import dataclass

VALUES = ("string_value", "int_value", "float_value", "double_value")
PARAMETER = "param."
"""Before the name of a parameter in its label."""
ALL = f"{PARAMETER}*"
"""The label of what all parameters of a row are alike in: a number as text; null where there is no list."""
_ENTRY = pl.Struct({"key": pl.String(), "value": pl.Struct(dict.fromkeys(VALUES, pl.String()))})
TYPE = pl.List(_ENTRY)
_BETWEEN = ("}, {", "},{")
LOOKED_AT = 50
"""So many texts tell how entries are written apart."""
OTHER = 255
"""The code of parameters that nobody asked for; there are fewer names to ask for."""
_ODD = np.uint64(0x9E3779B97F4A7C15)
_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """Entries of lists, one after the other."""

    counts: _Numbers
    """How many each row has; at least one."""
    numbers: _Numbers
    """Which of `known` each entry is."""
    known: pl.Series
    """Structs of key and value; null where a list is null or empty."""
    is_list: pl.Series
    """Whether a row has a list, be it empty."""

    def columns(self, labels: Sequence[str]) -> pl.DataFrame:
        """Parameters by label; of one that a list has twice, the first."""
        fields = self.known.struct.unnest()
        names = [label.removeprefix(PARAMETER) for label in labels if label != ALL]
        codes = fields["key"].cast(pl.Enum(names), strict=False).to_physical()
        is_wanted = codes.is_not_null()
        values = _texts(fields["value"].struct.unnest().filter(is_wanted)).extend_constant(None, 1)
        place = np.cumsum(is_wanted.to_numpy()) - 1
        code = codes.fill_null(OTHER).to_numpy()[self.numbers]
        hits = np.flatnonzero(code != OTHER)
        # By name, and of each name in the order of the rows.
        hits = hits[np.argsort(code[hits], kind="stable")]
        ends = np.cumsum(np.bincount(code[hits], minlength=len(names)))
        rows = np.repeat(np.arange(len(self.counts)), self.counts)
        made = dict.fromkeys(labels, _nothing(len(self.counts)))
        asked = []
        for label in made:
            if label == ALL:
                made[label] = self._alike()
                continue
            at = names.index(label.removeprefix(PARAMETER))
            mine = hits[ends[at - 1] if at else 0 : ends[at]]
            if not len(mine):
                continue
            found = np.full(len(self.counts), values.len() - 1, np.uint32)
            # Where there are several, the one written last is the first of the list.
            found[rows[mine][::-1]] = place[self.numbers[mine]][::-1]
            asked.append(pl.lit(values).gather(pl.lit(pl.Series(found))).alias(label))
        return pl.DataFrame(made).with_columns(asked)

    def _alike(self) -> pl.Series:
        """A number as text that rows with the same entries in the same order share."""
        fields = self.known.struct.unnest()
        inside = fields["value"].struct.unnest()
        hashes = inside.insert_column(0, fields["key"]).hash_rows().to_numpy()[self.numbers]
        starts = np.cumsum(self.counts) - self.counts
        place = (np.arange(len(self.numbers)) - np.repeat(starts, self.counts)).astype(np.uint64)
        mixed = (hashes ^ (hashes >> np.uint64(29))) * (place * np.uint64(2) + _ODD)
        whole = pl.Series(np.add.reduceat(mixed, starts) if len(starts) else mixed, dtype=pl.UInt64())
        return whole.cast(pl.String()).zip_with(self.is_list, _nothing(whole.len()))


def _texts(values: pl.DataFrame) -> pl.Series:
    """The one that is there of the values of each entry, as text."""
    # Turning numbers into text costs more than all else, and two of the four kinds hardly occur.
    there = [values[name] for name in VALUES if name in values.columns]
    texts = [one.cast(pl.String()) for one in there if one.null_count() < one.len()]
    return pl.select(pl.coalesce(texts)).to_series() if texts else _nothing(values.height)


def _nothing(rows: int) -> pl.Series:
    return pl.repeat(None, rows, dtype=pl.String(), eager=True)


def picked(columns: Sequence[pl.Series], labels: Sequence[str]) -> pl.DataFrame:
    """Parameters by name, of lists or of their JSON texts; unreadable ones have none."""
    lists = columns[0]
    if lists.dtype == pl.String():
        if (found := of_texts(lists)) is not None:
            return found.columns(labels)
        lists = _lists(lists)
    return of_lists(lists).columns(labels)


def all_picked(columns: Sequence[pl.Series], labels: Sequence[str]) -> pl.DataFrame:
    """The same; raises `PolarsError` for texts that are no such lists."""
    lists = columns[0]
    if isinstance(lists.dtype, pl.List) and isinstance(lists.dtype.inner, pl.Categorical):
        found = of_words(lists)
    else:
        found = of_texts(lists) if lists.dtype == pl.String() else of_lists(lists)
    if found is None:
        raise ComputeError("no lists of parameters")
    return found.columns(labels)


def of_lists(lists: pl.Series) -> Entries:
    """The entries of lists."""
    counts = lists.list.len().fill_null(0).clip(lower_bound=1).to_numpy().astype(np.int64)
    # Without this, a null or empty list would have no entry at all.
    known = lists.explode(empty_as_null=True, keep_nulls=True)
    return Entries(counts, np.arange(known.len()), known, lists.is_not_null())


def of_words(lists: pl.Series) -> Entries | None:
    """The entries of lists of words, each the JSON text of one; null where one is none."""
    counts = lists.list.len().fill_null(0).clip(lower_bound=1).to_numpy().astype(np.int64)
    words = lists.explode(empty_as_null=True, keep_nulls=True)
    parts = distinct(words)
    known = _read(parts)
    if known is None:
        return None
    numbers = words.to_physical().cast(pl.Int64()).fill_null(parts.len()).to_numpy()
    return Entries(counts, numbers, known.extend_constant(None, 1), lists.is_not_null())


def _read(objects: pl.Series) -> pl.Series | None:
    """Entries by their JSON texts; null where one is none."""
    try:
        known = objects.str.json_decode(_ENTRY)
    except PolarsError:
        return None
    return None if known.len() != objects.len() or known.null_count() else known


def of_texts(texts: pl.Series) -> Entries | None:
    """The entries of lists as JSON texts; null where one cannot be cut so."""
    first = texts.drop_nulls().head(LOOKED_AT)
    between = next((one for one in _BETWEEN if first.str.contains(one, literal=True).any()), _BETWEEN[0])
    is_list = texts.is_not_null()
    has_entries = is_list & (texts != "[]")
    if not has_entries.all():
        texts = texts.zip_with(has_entries, pl.Series([""]).new_from_index(0, texts.len()))
    cut = split(texts, between)
    counts = cut.list.len().to_numpy().astype(np.int64)
    words = cut.explode().cast(pl.Categorical(pl.Categories.random()))
    numbers, parts = words.to_physical().to_numpy().astype(np.int64), distinct(words)
    if not len(numbers) or not _are_lists(parts, numbers, counts):
        return None
    objects = "{" + parts.str.strip_prefix("[{").str.strip_suffix("}]") + "}"
    known = _read(objects)
    return None if known is None else Entries(counts, numbers, known, is_list)


def _are_lists(parts: pl.Series, numbers: _Numbers, counts: _Numbers) -> bool:
    """Whether the first part of every list opens it, the last closes it, and no other does."""
    ends = np.cumsum(counts) - 1
    is_last = np.zeros(len(numbers), dtype=bool)
    is_last[ends] = True
    is_first = np.roll(is_last, 1)
    is_empty = is_first & is_last & (parts == "").to_numpy()[numbers]
    opens, closes = (
        found.to_numpy()[numbers] for found in (parts.str.starts_with("[{"), parts.str.ends_with("}]"))
    )
    return bool((((opens == is_first) & (closes == is_last)) | is_empty).all())


def _lists(column: pl.Series) -> pl.Series:
    """Lists of parameters of their JSON texts; unreadable ones are null."""
    found = _decoded(column)
    return pl.concat([_list(one) for one in column]) if found is None else found


def _list(words: str | None) -> pl.Series:
    found = _decoded(pl.Series([words], dtype=pl.String()))
    return pl.Series([None], dtype=TYPE) if found is None else found


def _decoded(texts: pl.Series) -> pl.Series | None:
    """Null where one is no list, or two of them."""
    try:
        found = texts.str.json_decode(TYPE)
    except PolarsError:
        return None
    return found if found.len() == texts.len() else None
