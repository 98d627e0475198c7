"""The columns of a source with known names, in two parts: first what follows from no words, and the words themselves,
row by row; then what follows from words, which are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from friction.schema import EVENT
from friction.sources.base import OfWords
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.sources.preset import Columns, Preset

WORD = "word."
"""Before the labels that others follow from, where they stand beside the columns made of them."""
MADE = "made."
"""Before the names of columns of ours that are ready, while what follows from words is not."""
WORDS = (pl.String, pl.Categorical, pl.Enum, pl.Boolean)
WORDED = frozenset(
    name
    for name, dtype in EVENT.items()
    if (dtype == pl.String() and name not in {"event_id", "pageview_id", "props"})
    or isinstance(dtype, pl.Boolean | pl.List)
    or name == "kind"
)
"""Columns that have few different values, as those have from which they are made."""


@dataclass(frozen=True)
class Told:
    """What is made of rows: first, all that follows from no words, and the words; then what follows from these."""

    preset: Preset
    made: Columns
    marks: Columns
    pools: Mapping[str, pl.Categorical]
    """For words by their labels; those without one stay texts."""

    @property
    def words(self) -> Mapping[str, pl.Categorical]:
        """The types of labels from which nothing but words follows."""
        others = [expr for name, expr in (self.made | self.marks).items() if name not in WORDED]
        texts = labels_of(others) | self.preset.also
        return {label: dtype for label, dtype in self.pools.items() if label not in texts}

    def of(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The first part, of rows each by itself."""
        frame = self.preset.kept(frame)
        types, repeated = frame.collect_schema(), self.preset.repeated
        if repeated:
            types = frame.explode(repeated).collect_schema()
        by_word = _by_word(self.made, types)
        plain = {name: expr for name, expr in (self.made | self.marks).items() if name not in by_word}
        texts = [label for label in labels_of(plain.values()) if isinstance(types.get(label), pl.Categorical)]
        frame = frame.with_columns(pl.col(texts).cast(pl.String())) if texts else frame
        labels = {label for each in by_word.values() for label in each.columns}
        made = {MADE + name: expr for name, expr in plain.items()}
        made |= {WORD + label: self._word(label, types[label]) for label in sorted(labels)}
        return _repeated(frame, made, repeated) if repeated else _selected(frame, made)

    def _word(self, label: str, dtype: pl.DataType) -> pl.Expr:
        word = pl.col(label)
        return word.cast(self.pools[label]) if label in self.pools and dtype == pl.String() else word

    def marked(self, frame: pl.LazyFrame) -> tuple[pl.LazyFrame, dict[str, OfWords]]:
        """The second part, and which columns follow from words."""
        types = frame.collect_schema()
        words = {name.removeprefix(WORD): name for name in types if name.startswith(WORD)}
        texts = frame.with_columns(
            _as_text(pl.col(name), types[name]).alias(label) for label, name in words.items()
        )
        by_word = {
            ours: OfWords({label: words[label] for label in sorted(labels_of([expr]))}, expr)
            for ours, expr in self.made.items()
            if MADE + ours not in types
        }
        return texts.select(
            "row_no",
            *(
                (expr if name in by_word else pl.col(MADE + name)).alias(name)
                for name, expr in (self.made | self.marks).items()
            ),
            *words.values(),
        ), by_word


def _selected(frame: pl.LazyFrame, made: Columns) -> pl.LazyFrame:
    return frame.select("row_no", *(expr.alias(name) for name, expr in made.items()))


def _repeated(frame: pl.LazyFrame, made: Columns, repeated: str) -> pl.LazyFrame:
    """The columns of every value in the lists `repeated`. What does not follow from these is made once a list."""
    late = {name: expr for name, expr in made.items() if repeated in labels_of([expr])}
    once = {name: expr for name, expr in made.items() if name not in late}
    kept = {label: pl.col(label) for label in sorted({repeated, *labels_of(late.values())})}
    rows = _selected(frame, once | kept).explode(repeated)
    return _selected(rows, {name: late.get(name, pl.col(name)) for name in made})


def _as_text(word: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return word.cast(pl.String()) if isinstance(dtype, pl.Categorical) else word


def pool() -> pl.Categorical:
    """A type of words that are numbers of a list of their own."""
    return pl.Categorical(pl.Categories.random())


def _by_word(made: Columns, types: Mapping[str, pl.DataType]) -> dict[str, OfWords]:
    """Those of `made` that follow from labels of few different words."""
    found = {}
    for ours, expr in made.items():
        roots = sorted(labels_of([expr])) if ours in WORDED else []
        if roots and all(isinstance(types[label], WORDS) for label in roots):
            found[ours] = OfWords({label: WORD + label for label in roots}, expr)
    return found


def labels_of(exprs: Iterable[pl.Expr]) -> set[str]:
    """The labels that they are made of."""
    return {name for expr in exprs for name in expr.meta.root_names()}
