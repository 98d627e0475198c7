"""A folder with the files that the README speaks of, and the way its commands are run there."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
from deltalake import write_deltalake

from tests.exports import Row, visits, written
from tests.readme.page import ROOT, Block
from tests.reports import point, report

BIN = Path(sys.executable).parent
NAMED = re.compile(r"# (\S+\.toml)\n")


OWN = {
    "posthog.parquet": "posthog/batch.parquet",
    "ga4.parquet": "ga4/nested.parquet",
    "fullstory.csv": "fullstory/segment.csv",
    "amplitude.zip": "amplitude/export.zip",
    "mixpanel.jsonl": "mixpanel/raw.jsonl",
    "segment.jsonl": "segment/archive.jsonl",
    "datadog.jsonl": "datadog/documents.jsonl",
    "snowplow.tsv": "snowplow/enriched.bare.tsv",
    "access.log": "access_log/combined.log",
    "recordings/shop.json": "rrweb/shop.json",
    "hotjar-recordings.csv": "hotjar/recordings.csv",
    "answer.json": "clarity/2026-03-02_2026-03-04.json",
    "clarity/2026-03-04.json": "clarity/2026-03-02_2026-03-04-device.json",
}
"""Exports of tools in the README and the look-alikes that stand for them."""


def build(folder: Path) -> Path:
    """Small exports under the names of the README."""
    bought = [_purchase(row) | {"variant": "AB"[number_of(row) % 2]} for row in visits(400)]
    for name in ("events.csv", "october.csv"):
        written(folder / name, bought)
    _voices(folder)
    for name in ("last-week.json", "this-week.json"):
        (folder / name).write_bytes(report(point()).to_json())
    days = [f"2026-03-{day:02}" for day in range(1, 29)]
    (folder / "exits.csv").write_text("time,n,k\n" + "".join(f"{day},400,80\n" for day in days))
    (folder / "load-times.csv").write_text("time,value\n" + "".join(f"{day},1800\n" for day in days))
    later = written(folder / "november.csv", [_purchase(row) for row in visits(150, seed=2)])
    with zipfile.ZipFile(folder / "november.zip", "w") as archive:
        archive.write(later, "november.csv")
    events = pl.read_csv(folder / "events.csv")
    lines = "".join(f"{json.dumps(row)}\n" for row in events.iter_rows(named=True))
    (folder / "october.jsonl.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
    events.rename({"timestamp": "Zeitpunkt", "session_id": "Besuch"}).write_csv(folder / "export.csv")
    (folder / "broken.csv").write_text('Export of shop\n\ntimestamp;session_id;url\n2026-03-02;s1;"/a\n')
    with sqlite3.connect(folder / "events.db") as connection:
        columns = ", ".join(f'"{name}"' for name in events.columns)
        connection.execute(f"CREATE TABLE events ({columns})")
        marks = ", ".join("?" * events.width)
        connection.executemany(f"INSERT INTO events VALUES ({marks})", events.rows())
    write_deltalake(folder / "lake" / "events", events)
    for name in ("recordings", "clarity"):
        (folder / name).mkdir()
    for name, fixture in OWN.items():
        shutil.copy(ROOT / "fixtures" / "sources" / fixture, folder / name)
    return folder


def _voices(folder: Path) -> None:
    """What some of the visitors answer and ask, and a list of customers."""
    asked = range(0, 400, 9)
    answers = "".join(f"{n},2026-03-03T12:00:00Z,{n % 11},s{n}\n" for n in asked)
    calls = "".join(f"{n},2026-03-04T12:00:00Z,Where is it?,s{n}\n" for n in asked if n % 2)
    people = "".join(f"{n},u{n},person{n}@example.org,gold\n" for n in asked)
    (folder / "nps.csv").write_text(f"id,created_at,nps,session_id\n{answers}")
    (folder / "tickets.csv").write_text(f"ticket_id,created_at,subject,session_id\n{calls}")
    (folder / "contacts.csv").write_text(f"contact_id,user_id,email,segment\n{people}")


def number_of(row: Row) -> int:
    """The number of its session."""
    return int(str(row["session_id"]).removeprefix("s"))


def _purchase(row: Row) -> Row:
    """Who sees the last page has bought."""
    is_last = row["event"] == "page_view" and row["url"].endswith("/thanks")
    return row | {"event": "purchase"} if is_last else row


def run(block: Block, folder: Path, *, port: int | None = None) -> str:
    """The commands of one block as a shell runs them, `friction` at hand; what they print. All must succeed."""
    return shell(block.text if port is None else block.text.replace(":8000/", f":{port}/"), folder)


def shell(script: str, folder: Path, **more: str) -> str:
    """Standard output of a script that must succeed."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "LANGUAGE": "en", **more}
    done = subprocess.run(
        ("bash", "-euo", "pipefail", "-c", script),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def write_files(blocks: list[Block], folder: Path) -> None:
    """Blocks that begin with a comment that names a file become that file."""
    for block in blocks:
        if named := NAMED.match(block.text):
            (folder / named[1]).write_text(block.text, encoding="utf-8")
