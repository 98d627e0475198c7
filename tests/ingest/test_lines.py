"""Every reject has its physical line, also those found when times and sessions are read."""

from __future__ import annotations

import csv
from pathlib import Path

from friction.export import write_rejects
from friction.goals import parse
from friction.ingest import Ingested, Request, ingest
from friction.ingest.columns import EVERYTHING
from friction.pages import PageRules
from friction.sources.base import Options


def ingested(*paths: Path, **words: str) -> Ingested:
    request = Request(paths, [path.name for path in paths], Options(mapping=words))
    return ingest(request, EVERYTHING, PageRules(), [parse("event=buy")], lambda _stage, _share, _rows: None)


def csv_file(folder: Path) -> Path:
    rows = [f"s{i},2026-01-01T00:00:{i:02},/p{i}" for i in range(20)]
    rows[3] = "s3,yesterday,/p3"
    rows[5] = ',2026-01-01T00:00:05,"/p\n5"'
    rows[7] = "s7,2026-01-01T00:00:07"
    rows[9] = "s9,soon,/p9"
    path = folder / "events.csv"
    path.write_text("Export of events\n\nsession_id,ts,url\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def json_file(folder: Path) -> Path:
    lines = [f'{{"session_id": "s{i}", "ts": "2026-01-01T00:00:{i:02}", "url": "/p"}}' for i in range(20)]
    lines[4] = '{"session_id": "s4", "ts": "later", "url": "/p"}'
    lines.insert(2, "")
    path = folder / "events.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_shown_rejects_have_the_lines_of_the_original(tmp_path: Path) -> None:
    books = ingested(csv_file(tmp_path), json_file(tmp_path)).books

    assert [(reject.line, reject.reason) for reject in books.rejects] == [
        (7, "time_unreadable"),
        (9, "no_session"),
        (12, "too_few_cells"),
        (14, "time_unreadable"),
        (6, "time_unreadable"),
    ]


def test_written_rejects_have_them_too(tmp_path: Path) -> None:
    target = tmp_path / "rejects.csv"
    write_rejects(ingested(csv_file(tmp_path)), target)

    with target.open(encoding="utf-8", newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == ["7", "9", "12", "14"]


def test_a_mapping_says_how_the_file_is_written(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("'s;1';2026-01-01T00:00:01;/a\n's;1';2026-01-01T00:00:02;/b\n", encoding="utf-8")
    words = {"delimiter": "semicolon", "quote": "single", "header": "none"}
    columns = {"session_id": "column 1", "ts": "column 2", "url": "column 3"}

    facts = ingested(path, **words, **columns).books.files[0].facts

    assert (facts["delimiter"], facts["quote"], facts["header_line"]) == ("semicolon", "single", None)
