"""What is read of one file of a source with known names: its rows as events, and what became of each of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from friction.schema import EVENT
from friction.sources.base import Column, Reading
from friction.sources.casts import sampled
from friction.sources.fields import Fields, Opening
from friction.sources.instants import PREFIX, Instants
from friction.sources.preset_words import Told, labels_of, pool
from friction.tables.parquet import Parquet
from friction.values import dataclass

if TYPE_CHECKING:
    import polars as pl

    from friction.sources.preset import Columns, Preset


@dataclass(frozen=True)
class Plan:
    """What is read of one file."""

    preset: Preset
    known: Fields
    columns: Columns
    marks: Columns

    def reading(self, when: Instants) -> Reading:
        """The events, what was set aside, and what the columns became."""
        made = {ours: expr for ours, expr in self.columns.items() if self._is_there(expr)}
        marks = {mark: expr for mark, expr in self.marks.items() if self._is_there(expr)}
        needed = labels_of([*made.values(), *marks.values()]) | self.preset.also
        frame_labels, opened = set(needed), []
        for opening in self._openings(when):
            if labels := sorted(needed & set(opening.labels)):
                opened.append((opening, labels))
                frame_labels -= set(opening.labels)
        table = self.known.table
        # What blocks are made of is made at once, and words are handed on as numbers.
        pools = {label: pool() for label in sorted(needed)} if table.is_in_blocks else {}
        told = Told(self.preset, made, marks, pools)
        plain = frame_labels - {"row_no"} - self.preset.made
        rows = self.known.told(plain, opened, told.of, told.words)
        marked, by_word = told.marked(rows.events)
        if opened and isinstance(table, Parquet):
            # Of Parquet the columns are collected one by one, which would open the same texts again for each.
            marked = marked.collect().lazy()
        facts: dict[str, Any] = {**table.facts, "time": when.form}
        if rows.records is not None:
            facts["records"] = rows.records
        label, all_ = self.preset.sample
        if (share := sampled(self.known.sampled(label), all_) if label else None) is not None:
            facts["sampled"] = share
        return Reading(
            marked.select("row_no", *made),
            rows.rejects,
            self._listed(when, made),
            facts,
            line_of=table.lines_of,
            marked=marked,
            by_word=by_word,
            is_read=rows.is_read,
        )

    def _is_there(self, expr: pl.Expr) -> bool:
        """The file may have something for this column; constants always."""
        telling = labels_of([expr]) - self.preset.truisms
        return not telling or any(self._knows(label) for label in telling)

    def _knows(self, label: str) -> bool:
        opening = next((one for one in self.preset.openings if label in one.labels), None)
        if label.startswith(PREFIX) or label in self.preset.made:
            return True
        return any(map(self.known.knows, opening.of)) if opening else self.known.knows(label)

    def _openings(self, when: Instants) -> tuple[Opening, ...]:
        return (*self.preset.openings, *filter(None, (when.opening,)))

    def _listed(self, when: Instants, made: Columns) -> tuple[Column, ...]:
        """Every column of the file in its order, with the first of ours that is made of it."""
        inside = {label: one.of for one in self._openings(when) for label in one.labels}
        ours: dict[int, str] = {}
        for name, expr in ((name, expr) for name, expr in made.items() if name in EVENT):
            for root in sorted(labels_of([expr])):
                for label in inside.get(root, (root,)):
                    ours.setdefault(self.known.positions.get(label, -1), name)
        names = enumerate(self.known.table.names)
        return tuple(_column(theirs, ours.get(at), at in self.known.folded) for at, theirs in names)


def _column(theirs: str, ours: str | None, is_folded: bool) -> Column:
    if ours is None and is_folded:
        return Column(theirs, None, 1.0, "its members are read by their names")
    return Column(theirs, ours, 1.0 if ours else 0.0, "" if ours else "not used")
