"""Rows of a database, as they come: the driver hands over Arrow batches, and they are written down one by one.

Nothing is changed there: PostgreSQL is told that all transactions only read and how long a query may take, SQLite is
opened for reading only, and both take one SELECT. With a watermark the highest value there is now is asked for first,
and only rows up to it come, so that no row is fetched twice or forgotten between two times.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from friction.errors import FrictionError, InputError
from friction.fetch import drivers, faults
from friction.fetch.budget import Budget
from friction.places.address import Place
from friction.places.extras import needed
from friction.places.fetching import Fetched

Progress = Callable[[str, float, int], None]
FILE = "rows.parquet"
NOTHING = "null"
"""A watermark before any row was seen."""


def fetched(
    place: Place, into: Path, since: str | None, budget: Budget, time_s: float | None, progress: Progress
) -> Fetched:
    """The rows of the table or query as Parquet in the folder `into`.

    Raises `InputError` under the name of what is wrong, `LimitError`, `MissingExtra`.
    """
    needed("pyarrow", "sql", place.name)
    driver = drivers.of(place)
    with (
        _named(place, budget, time_s),
        closing(driver.connect(place, time_s)) as connection,
        closing(connection.cursor()) as cursor,
    ):
        asked = _asked(place, driver, cursor)
        upper = _highest(cursor, driver, asked, place.watermark, since)
        path = into / FILE
        rows = _written(
            cursor, driver, _new(driver, asked, place.watermark, since, upper), path, place, budget, progress
        )
    return Fetched(place.name, str(path), path.stat().st_size, None, watermark=upper, rows=rows)


def _asked(place: Place, driver: drivers.Driver, cursor: Any) -> str:
    """The SELECT. Without table or query, the refusal says which tables there are."""
    if place.query:
        return place.query.strip().rstrip(";")
    if place.table:
        return f"SELECT * FROM {driver.named(place.table)}"
    raise InputError(
        "place.which_table",
        "the address names a database and no table of it",
        remedy=f"name one as table=NAME; there are: {', '.join(driver.tables(cursor)) or 'none'}",
        file=place.name,
    )


def _highest(
    cursor: Any, driver: drivers.Driver, asked: str, column: str | None, since: str | None
) -> str | None:
    """The new watermark as JSON; the old one when no row is beyond it, null without a column."""
    if column is None:
        return None
    beyond = _beyond(driver, column, since)
    cursor.execute(f"SELECT {driver.highest(driver.named(column))} AS top FROM ({asked}) AS asked{beyond}")
    top = cursor.fetchone()[0]
    return json.dumps(top) if top is not None else since


def _new(driver: drivers.Driver, asked: str, column: str | None, since: str | None, upper: str | None) -> str:
    if column is None:
        return asked
    beyond = _beyond(driver, column, since)
    joined = "AND" if beyond else "WHERE"
    until = f" {joined} {driver.named(column)} <= {_literal(upper)}" if upper else " WHERE 1 = 0"
    return f"SELECT * FROM ({asked}) AS asked{beyond}{until}"


def _beyond(driver: drivers.Driver, column: str, since: str | None) -> str:
    return f" WHERE {driver.named(column)} > {_literal(since)}" if since and since != NOTHING else ""


def _literal(value: str | None) -> str:
    """A watermark as SQL: what is text stays text, whatever is in it."""
    said = json.loads(value or NOTHING)
    return str(said) if isinstance(said, (int, float)) else "'" + str(said).replace("'", "''") + "'"


def _written(
    cursor: Any,
    driver: drivers.Driver,
    query: str,
    path: Path,
    place: Place,
    budget: Budget,
    progress: Progress,
) -> int:
    """How many rows were written."""
    import pyarrow.parquet as pq

    rows = 0
    schema, batches = driver.rows(cursor, query)
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        for batch in batches:
            rows += batch.num_rows
            budget.take(batch.nbytes, place.name)
            if rows > budget.limits.rows:
                raise budget.limits.refusal("rows", file=place.name)
            writer.write_batch(batch)
            progress("fetching", 0.0, rows)
    return rows


@contextmanager
def _named(place: Place, budget: Budget, time_s: float | None) -> Iterator[None]:
    """Faults under our names; what ends when its time is over was ended for that, whatever it says."""
    began = time.monotonic()
    try:
        yield
    except (FrictionError, MemoryError):
        raise
    except Exception as fault:
        if time_s is not None and time.monotonic() - began >= time_s:
            raise budget.limits.refusal("time", file=place.name) from None
        raise faults.of_database(fault, place.name, budget.limits) from None
