"""`friction scan` of a bucket, a PostgreSQL, an SQLite and a table of a lake."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import polars as pl
import pytest
from deltalake import write_deltalake

from friction.lake import Manifest
from friction.lake.files import read_open
from friction.nightly.bringing import earlier
from friction.nightly.days import between
from friction.nightly.desk import Desk
from tests.cli.conftest import Run, friction
from tests.nightly.shop import HEAD, Shop, Trouble, always
from tests.nightly.sixty import prepared, scanned
from tests.places.conftest import bucket, credentials, database, endpoint

__all__ = ["bucket", "credentials", "database", "endpoint", "friction"]

NIGHT = "2026-01-09"
SOURCES = """
[sources.shop]
at = "s3://shop/nightly/*.csv"

[sources.branch]
at = "{database}"
query = "SELECT * FROM visits"
watermark = "timestamp"

[sources.kiosk]
at = "sqlite:///kiosk.db"
table = "visits"
watermark = "timestamp"

[sources.stand]
at = "lake/visits"
"""


def made() -> Shop:
    broken = Trouble("/pay", always("button#pay"), "Pay now", lambda _: 0.3, 0.1)
    return Shop((broken,), sessions_a_day=40)


def rows(days: list[str], part: int) -> pl.DataFrame:
    """The visits of these days to one of four places."""
    lines = [f"{at},{rest}\n" for day in days for at, rest in sorted(made().rows(day))]
    cells = csv.DictReader(io.StringIO(HEAD + "".join(lines)))
    there = [each for each in cells if int(each["session_id"].rpartition("-")[2]) % 4 == part]
    return pl.DataFrame(there, schema=dict.fromkeys(HEAD.strip().split(","), pl.String()))


def held(config: Path) -> int:
    """Events in the lake, also of visits that may go on."""
    dataset = Desk(config.parent / ".friction").dataset
    manifest = Manifest.of(dataset)
    assert manifest is not None
    return manifest.rows + read_open(dataset, manifest).height


class Places:
    """The four places, to which days are brought."""

    def __init__(self, bucket: Any, database: str, folder: Path) -> None:
        self.bucket, self.database, self.folder = bucket, database, folder

    def take(self, days: list[str]) -> None:
        for day in days:
            self.bucket.put(f"nightly/{day}.csv", rows([day], 0).write_csv().encode())
        self.branch(rows(days, 1))
        with sqlite3.connect(self.folder / "kiosk.db") as kiosk:
            kiosk.execute(f"CREATE TABLE IF NOT EXISTS visits ({HEAD.strip()})")
            kiosk.executemany("INSERT INTO visits VALUES (?,?,?,?,?,?,?)", rows(days, 2).iter_rows())
        kiosk.close()
        write_deltalake(self.folder / "lake" / "visits", rows(days, 3), mode="append")

    def branch(self, more: pl.DataFrame) -> None:
        with postgresql.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest("visits", more.to_arrow(), mode="create_append")
            connection.commit()

    def taken_back(self, day: str) -> pl.DataFrame:
        """The first five rows of a day, which the branch does not have yet."""
        late = rows([day], 1).sort("timestamp").head(5)
        with postgresql.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM visits WHERE timestamp BETWEEN '{day}' AND '{late['timestamp'][-1]}'"
            )
            connection.commit()
        return late


@pytest.mark.usefixtures("credentials")
def test_of_four_places_every_event_is_read_and_counts_once(
    friction: Run, bucket: Any, database: str, tmp_path: Path
) -> None:
    """One test, since each scan takes seconds: the first night, the same again, the plan, what came late, all of it."""
    days = list(between("2026-01-01", NIGHT))
    config = prepared(tmp_path / "places", made(), "2025-12-31", window=8)
    own = '[sources.shop]\nat = "exports/*.csv"\n'
    config.write_text(
        config.read_text(encoding="utf-8").replace(own, SOURCES.format(database=database)), encoding="utf-8"
    )
    places = Places(bucket, database, config.parent)
    places.take(days[:-1])

    assert scanned(config, days[-2])["objects"] == len(days) - 1 + 3
    there = held(config)
    again = scanned(config, days[-2])
    assert (again["objects"], again["nights"]) == (2, []), "rows of the last day are asked for again"
    assert (again["known_rows"] > 0, held(config)) == (True, there), "and known"

    places.take(days[-1:])
    late = places.taken_back(days[-1])
    plan = json.loads(
        friction(
            "scan", "--config", str(config), "--now", f"{NIGHT}T23:00", "--check", "--format", "json"
        ).out
    )
    new = {each["source"]: (each["objects"], len(each["new"])) for each in plan["sources"]}
    assert new == {"branch": (1, 1), "kiosk": (1, 1), "shop": (len(days), 1), "stand": (1, 1)}
    assert plan["sources"][0]["watermark"].startswith('"2026-01-0')
    scanned(config, NIGHT)
    everything = sum(rows(days, part).height for part in range(4))
    assert held(config) == everything - late.height
    places.branch(late)
    scanned(config, NIGHT)
    assert held(config) == everything, "also what was written after what is later"


@pytest.mark.parametrize(
    ("watermark", "before"),
    [
        ('"2026-01-09T01:30:00.250Z"', '"2026-01-08T22:30:00.250Z"'),
        ('"2026-01-09 01:30:00+00"', '"2026-01-08 22:30:00+00"'),
        ('"2026-01-09"', '"2026-01-08"'),
        ('"1767922200"', '"1767922200"'),
        ("17", "17"),
        (None, None),
    ],
)
def test_a_watermark_that_is_a_time_goes_back_and_no_other(watermark: str | None, before: str | None) -> None:
    assert earlier(watermark, 3) == before
