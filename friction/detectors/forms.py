"""Forms and their fields, put together from the rows in which they were touched.

A session touches most fields once or twice, so there are nearly as many groups as rows: these are sorted and cut by
their numbers (`friction.order`), which takes a third of the time of grouping by hashes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.order import Groups, changed, numbers, ordered

FORM = ("session_id", "page", "form")
NEVER = -1
"""In place of null among numbers that are not negative."""


def fields(steps: pl.DataFrame) -> pl.DataFrame:
    """One row per session, page, form and field (null: the form's own events).

    Those of one `number` are of one form, in the order of their last rows. `steps` are sorted, with `edit, begins,
    wait_ms, sends, search, login`.
    """
    groups = Groups.of(steps, *FORM, "field")
    opens = steps.select(*FORM, "field", start="ts", first_row="row")[groups.firsts]
    closes = steps.select(end="ts", last_row="row")[groups.lasts]
    number = np.cumsum(changed(*(numbers(opens[name]) for name in FORM))) - 1
    table = pl.concat([opens, closes], how="horizontal").with_columns(
        number=number,
        begun=groups.over(np.logical_or, steps["edit"].to_numpy()),
        corrections=np.maximum(groups.over(np.add, steps["begins"].cast(pl.Int32).to_numpy()) - 1, 0),
        wait_ms=_first(groups, steps["wait_ms"]),
        sent=groups.over(np.logical_or, steps["sends"].to_numpy()),
        search=groups.over(np.logical_or, steps["search"].to_numpy()),
        login=groups.over(np.logical_or, steps["login"].to_numpy()),
    )
    return table[ordered(number, table["last_row"].to_numpy())]


def _first(groups: Groups, values: pl.Series) -> pl.Series:
    """The first value of each group that is not null; values are not negative."""
    sorted_ = values.fill_null(NEVER).to_numpy()[groups.rows]
    at = np.flatnonzero(sorted_ != NEVER)
    group = np.repeat(np.arange(len(groups.begins)), groups.sizes)[at]
    first = changed(group)
    found = np.full(len(groups.begins), NEVER)
    found[group[first]] = sorted_[at[first]]
    return _null(found)


def _null(values: NDArray[Any]) -> pl.Series:
    found = pl.Series(values)
    return found.set(found == NEVER, None)


def forms(fields: pl.DataFrame) -> pl.DataFrame:
    """One row a form of a session, by `number`; `from` and `to` are the places of its fields.

    `final` is the last row of a named field, `field` that field. What begins with `listed` leaves out events of the
    form itself that are no sending of it.
    """
    groups = Groups(np.arange(fields.height), np.flatnonzero(changed(fields["number"].to_numpy())))
    named = pl.col("field").is_not_null()
    listed = {
        f"listed_{name}": pl.col(name) & (named | pl.col("sent")) for name in ("begun", "search", "login")
    }
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    each = fields.with_columns(**listed, place=pl.when(named).then(place).otherwise(NEVER))
    summed = {name: pl.col(name).fill_null(0).cast(pl.Int64) for name in ("begun", "wait_ms", "corrections")}
    sums = {
        name: groups.over(np.add, column.to_numpy())
        for name, column in each.select(**summed).to_dict().items()
    }
    flags = (*listed, "search", "login", "sent")
    final = groups.over(np.maximum, each["place"].to_numpy())
    last = pl.select(_null(final).alias("at")).to_series()
    return each.select(*FORM)[groups.firsts].with_columns(
        *(pl.Series(name, groups.over(np.logical_or, each[name].to_numpy())) for name in flags),
        pl.Series("start", groups.over(np.minimum, _us(each["start"]))).cast(each.schema["start"]),
        pl.Series("end", groups.over(np.maximum, _us(each["end"]))).cast(each.schema["end"]),
        pl.Series("first", groups.over(np.minimum, each["first_row"].to_numpy())),
        pl.Series("trigger_row", each["last_row"].to_numpy()[groups.lasts]),
        pl.Series("from", groups.begins),
        pl.Series("events", groups.sizes),
        final=each["last_row"].gather(last),
        field=each["field"].gather(last),
        fields=pl.Series(sums["begun"], dtype=pl.UInt32),
        hesitation_ms=pl.Series(sums["wait_ms"]),
        corrections=pl.Series(sums["corrections"], dtype=pl.UInt32),
    )


def _us(times: pl.Series) -> NDArray[Any]:
    return times.to_physical().to_numpy()


def listed(forms: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """`forms` with `rows`, the last rows of their fields."""
    first = fields["last_row"].gather(forms["from"])
    alone = forms.with_columns(rows=pl.concat_list(first)).filter(pl.col("events") == 1)
    several = forms.filter(pl.col("events") > 1).with_columns(
        at=pl.int_ranges("from", pl.col("from") + pl.col("events"))
    )
    places = several.select(pl.int_range(pl.len()).alias("of"), "at").explode("at")
    rows = (
        places.select("of", rows=fields["last_row"].gather(places["at"]))
        .group_by("of", maintain_order=True)
        .agg("rows")
    )
    return pl.concat([alone, several.drop("at").with_columns(rows["rows"])])


def views(steps: pl.DataFrame) -> pl.DataFrame:
    """One row a form and page view in which it was touched: `page, form, view`, how often it was changed (`edits`), and
    whether a field in it was come back to (`again`) or some row was `troubled`.
    """
    groups = Groups.of(steps, *FORM, "view", "field")
    opens = steps.select(*FORM, "view")[groups.firsts]
    again = groups.over(np.add, steps["begins"].cast(pl.Int32).to_numpy()) > 1
    trouble = again | groups.over(np.logical_or, steps["trouble"].to_numpy())
    begun = groups.over(np.logical_or, steps["edit"].to_numpy())
    of_form = Groups(
        np.arange(opens.height), np.flatnonzero(changed(*(numbers(opens[name]) for name in (*FORM, "view"))))
    )
    return opens.select("page", "form", "view")[of_form.begins].with_columns(
        troubled=of_form.over(np.logical_or, trouble), begun=of_form.over(np.logical_or, begun)
    )
