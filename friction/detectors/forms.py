"""Forms and their fields, put together from the rows in which they were touched.

A session touches most fields once or twice, so there are nearly as many groups as rows: these are sorted and cut by
their numbers (`friction.order`), once for all that is asked of them, which takes a fraction of the time of grouping by
hashes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.order import Groups, Ints, changed, numbers, ordered
from friction.values import dataclass

FORM = ("session_id", "page", "form")
NEVER = -1
"""In place of null among numbers that are not negative."""
MARKS = ("edit", "sends", "search", "login")
"""What a row tells of its form, as bits that are put together."""
BEGUN, SENT = np.uint8(1), np.uint8(2)
LISTED = 4
"""Bits by which marks stand higher that count."""
FLAGS = {
    **{"sent": 1, "search": 2, "login": 3},
    **{"listed_begun": 0 + LISTED, "listed_search": 2 + LISTED, "listed_login": 3 + LISTED},
}
"""Columns of forms that are bits of the marks."""


@dataclass(frozen=True)
class Touched:
    """The fields of forms (null: the form's own events) by session and page.

    `steps` are sorted, with `form, field, view, row, ts, edit, begins, wait_ms, sends, search, login`.
    """

    steps: pl.DataFrame

    @cached_property
    def _groups(self) -> Groups:
        return Groups.of(self.steps, *FORM, "field")

    @cached_property
    def _number(self) -> Ints:
        """By group, the number of its form."""
        firsts = self._groups.firsts
        return np.cumsum(changed(*(numbers(self.steps[name])[firsts] for name in FORM))) - 1

    @cached_property
    def _order(self) -> Ints:
        """The groups by form, in the order of their last rows."""
        return ordered(self._number, self._groups.lasts)

    @cached_property
    def _begins(self) -> NDArray[np.bool_]:
        return self.steps["begins"].to_numpy()

    @cached_property
    def _marks(self) -> NDArray[np.uint8]:
        """By field, the `MARKS` of its rows."""
        marks = self._groups.over(np.bitwise_or, bits(*(self.steps[name] for name in MARKS)))
        found: NDArray[np.uint8] = marks[self._order]
        return found

    @cached_property
    def _corrections(self) -> Ints:
        begins = self._groups.over(np.add, self._begins.astype(np.int64))
        found: Ints = np.maximum(begins - 1, 0)[self._order]
        return found

    @cached_property
    def _waits(self) -> Ints:
        found: Ints = _first(self._groups, self.steps["wait_ms"])[self._order]
        return found

    @cached_property
    def fields(self) -> pl.DataFrame:
        """One row a field, those of one `number` of one form, in the order of their last rows."""
        told = self.steps.select("page", "form", "field", last_row="row")[self._groups.lasts[self._order]]
        return told.with_columns(
            number=self._number[self._order], corrections=self._corrections, wait_ms=_null(self._waits)
        )

    @cached_property
    def forms(self) -> pl.DataFrame:
        """One row a form of a session, by `number`; `events` is how many fields it has, with its own events as one.

        `final` is the last row of a named field, `field` that field. What begins with `listed` leaves out events of
        the form itself that are no sending of it.
        """
        firsts, lasts = self._groups.firsts[self._order], self._groups.lasts[self._order]
        begins = np.flatnonzero(changed(self._number[self._order]))
        groups = Groups(np.arange(len(firsts)), begins)
        named = self.fields["field"].is_not_null().to_numpy()
        listed = np.where(named | (self._marks & SENT).astype(np.bool_), self._marks << np.uint8(LISTED), 0)
        marks = groups.over(np.bitwise_or, self._marks | listed)
        final = groups.over(np.maximum, np.where(named, lasts, NEVER))
        opens = self.steps.select(*FORM, start="ts", first="row")[groups.over(np.minimum, firsts)]
        closes = self.steps.select(end="ts", trigger_row="row")[lasts[groups.lasts]]
        last = self.steps.select(final="row", field="field").select(pl.all().gather(_null(final)))
        return opens.with_columns(
            *closes,
            *last,
            **{name: _bit(marks, at) for name, at in FLAGS.items()},
            events=groups.sizes,
            fields=groups.over(np.add, self._marks & BEGUN).astype(np.uint32),
            hesitation_ms=groups.over(np.add, np.maximum(self._waits, 0)),
            corrections=groups.over(np.add, self._corrections).astype(np.uint32),
        )

    def listed(self, forms: pl.Series) -> pl.Series:
        """The last rows of the fields of each of these forms, which are numbers in order."""
        wanted = np.zeros(self.forms.height, np.bool_)
        wanted[forms.to_numpy()] = True
        number = self.fields["number"].to_numpy()
        rows = pl.DataFrame({"number": number, "row": self.fields["last_row"]}).filter(
            pl.Series(wanted[number])
        )
        return rows.set_sorted("number").group_by("number", maintain_order=True).agg("row")["row"]

    def views(self, trouble: pl.Series) -> pl.DataFrame:
        """One row a form and page view in which it was touched: `page, form, view`, whether a field of it was changed
        (`begun`), and whether one was come back to or some row was of `trouble` (`troubled`).
        """
        rows, number = self._groups.rows, np.repeat(self._number, self._groups.sizes)
        view = numbers(self.steps["view"])[rows]
        field = np.repeat(np.arange(len(self._number)), self._groups.sizes)
        begins = np.flatnonzero(self._begins[rows])
        again = begins[~changed(field[begins], view[begins])]
        troubled = trouble.to_numpy()[rows]
        troubled[again] = True
        order = ordered(number, view)
        of_form = Groups(order, np.flatnonzero(changed(number[order], view[order])))
        marks = of_form.over(np.bitwise_or, bits(troubled, self.steps["edit"].to_numpy()[rows]))
        found = self.steps.select("page", "form", "view")[rows[of_form.firsts]]
        return found.with_columns(troubled=_bit(marks, 0), begun=_bit(marks, 1))


def bits(*marks: Any) -> NDArray[np.uint8]:
    """Marks of rows as bits of one number, the first as the lowest."""
    found = np.zeros(len(marks[0]), np.uint8)
    for at, mark in enumerate(marks):
        found |= np.asarray(mark).view(np.uint8) << np.uint8(at)
    return found


def _bit(marks: NDArray[np.uint8], at: int) -> pl.Series:
    return pl.Series((marks & np.uint8(1 << at)) != 0)


def _first(groups: Groups, values: pl.Series) -> NDArray[Any]:
    """The first value of each group that is not null, `NEVER` where none is; values are not negative."""
    found = np.full(len(groups.begins), NEVER)
    if values.null_count() < len(values):
        sorted_ = values.fill_null(NEVER).to_numpy()[groups.rows]
        at = np.flatnonzero(sorted_ != NEVER)
        group = np.repeat(np.arange(len(groups.begins)), groups.sizes)[at]
        first = changed(group)
        found[group[first]] = sorted_[at[first]]
    return found


def _null(values: NDArray[Any]) -> pl.Series:
    found = pl.Series(values)
    return found.set(found == NEVER, None)
