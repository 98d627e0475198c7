"""Members of objects that stand in cells as JSON texts, each as text.

Read as lines of JSON are (`friction.tables.leaves`): at once by the engine's decoder, where the first texts show lists
of texts as such, and ends that many of them share once (`friction.tables.ends`); one by one where some text is no
object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import orjson
import polars as pl
from polars.exceptions import PolarsError

from friction.tables.decoded import are_objects
from friction.tables.ends import Ends, key_of
from friction.tables.leaves import Leaves, are_texts

SHOWN = 500
"""So many texts show which members are lists."""


@dataclass
class Folded:
    """The members `keys` of the objects in one column; morsel by morsel."""

    keys: Sequence[str]
    first: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String()))
    """Texts of the column."""

    def read(self, texts: pl.Series) -> pl.DataFrame:
        """A column of texts a key, a row a text; null where there is no such member."""
        if not self.first.len():
            self.first = texts.head(SHOWN)
        frame = self._decoded(texts) if are_objects(texts) else None
        frame = of_lines(texts, self.keys) if frame is None else frame
        return one_by_one(texts, self.keys) if frame is None or frame.height != texts.len() else frame

    @cached_property
    def _leaves(self) -> Leaves:
        shown = one_by_one(self.first, self.keys)
        listed = frozenset(at for at, key in enumerate(self.keys) if are_texts(shown[key]))
        # Several morsels are read side by side already.
        return Leaves([(key,) for key in self.keys], range(len(self.keys)), {}, listed, threads=1)

    @cached_property
    def _ends(self) -> Ends:
        return Ends(self._leaves, None, key_of(self.first.to_list()))

    def _decoded(self, texts: pl.Series) -> pl.DataFrame | None:
        try:
            frame = self._torn(texts)
            if frame is None:
                frame = self._leaves.decoded(texts, max(1, int(texts.str.len_bytes().sum())))
        except PolarsError:
            return None
        return None if frame is None else frame.rename(dict(zip(frame.columns, self.keys, strict=True)))

    def _torn(self, texts: pl.Series) -> pl.DataFrame | None:
        """By what is before the ends that repeat, and these; null where they do not."""
        frame = self._ends.read(texts) if texts.len() > SHOWN else None
        return None if frame is None else frame.drop("row_no")


def of_lines(texts: pl.Series, keys: Sequence[str]) -> pl.DataFrame | None:
    """The members of objects, read as lines; null where one is none. Texts that break lines give other rows."""
    lines = texts.str.join("\n").item() or ""
    try:
        return pl.read_ndjson(lines.encode(), schema=dict.fromkeys(keys, pl.String()))
    except PolarsError:
        return None


def one_by_one(texts: pl.Series, keys: Sequence[str]) -> pl.DataFrame:
    """Slow and tolerant: for files in which some text is no JSON object."""
    rows = [[_text(value.get(key)) for key in keys] for value in map(_object, texts)]
    return pl.DataFrame(rows, schema=dict.fromkeys(keys, pl.String()), orient="row")


def _object(text: str | None) -> dict[str, object]:
    try:
        value = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
