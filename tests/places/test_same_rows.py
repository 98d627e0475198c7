"""The same rows give the same report, wherever they lie."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from friction.compare.exact import exact
from friction.library import analyze
from tests.places.conftest import HALF
from tests.places.rows import events

WHERE = (
    "object",
    "parts",
    "postgresql",
    "query",
    "sqlite",
    "delta",
    "delta there",
    "iceberg",
    "iceberg there",
)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The report of the rows as a CSV."""
    path = tmp_path_factory.mktemp("csv") / "events.csv"
    events().write_csv(path)
    return analyze(path).to_json().encode()


@pytest.fixture
def places(
    bucket: Any, database: str, delta: Path, iceberg: Path, tmp_path: Path
) -> dict[str, Callable[[], str]]:
    """Puts the rows somewhere and says where."""
    text = events().write_csv()

    def in_object() -> str:
        bucket.put("one/events.csv", text.encode())
        return "s3://shop/one/events.csv"

    def in_parts() -> str:
        head, *lines = text.splitlines(keepends=True)
        bucket.put("parts/day=1/a.csv.gz", gzip.compress("".join([head, *lines[:HALF]]).encode()))
        bucket.put("parts/day=2/b.csv.gz", gzip.compress("".join([head, *lines[HALF:]]).encode()))
        bucket.put("parts/day=2/b.txt", b"not asked for")
        return "s3://shop/parts/**/*.csv.gz"

    def in_file() -> str:
        with sqlite3.connect(tmp_path / "a.db") as connection:
            rows = events().with_columns(timestamp=events()["timestamp"].dt.to_string("iso:strict"))
            marks = ", ".join("?" * rows.width)
            columns = ", ".join(f'"{name}"' for name in rows.columns)
            connection.execute(f"CREATE TABLE events ({columns})")
            connection.executemany(f"INSERT INTO events VALUES ({marks})", rows.rows())
        return f"sqlite:///{tmp_path}/a.db?table=events"

    def there(root: Path) -> str:
        for path in root.rglob("*"):
            if path.is_file():
                bucket.put(f"{root.name}-table/{path.relative_to(root)}", path.read_bytes())
        return f"s3://shop/{root.name}-table"

    query = "SELECT%20*%20FROM%20web.events%20WHERE%20x%20IS%20NULL%20OR%20x%20%3E%200"
    return {
        "object": in_object,
        "parts": in_parts,
        "postgresql": lambda: f"{database}&table=web.events",
        "query": lambda: f"{database}&query={query}",
        "sqlite": in_file,
        "delta": lambda: str(delta),
        "delta there": lambda: there(delta),
        "iceberg": lambda: str(iceberg),
        "iceberg there": lambda: there(iceberg),
    }


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("where", WHERE)
def test_the_same_rows_give_the_same_report(
    where: str, places: dict[str, Callable[[], str]], expected: bytes
) -> None:
    found = analyze(places[where]())

    assert exact(expected, found.to_json().encode()) == []
