"""What is planted in an export is found nowhere in anything that is written about it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest

from friction.cli import main
from tests.exports import Row, row, visits
from tests.exports import written as exported
from tests.privacy.planted import PLANTS, Plant

ROOT = Path(__file__).parents[2]
KEEP = 'keep = ["props"]'


def rows() -> list[Row]:
    """A shop's visits, some of which hold what was planted; where it counts, often enough for a friction point."""
    found = visits(60, load_ms="900")
    for number, plant in enumerate(PLANTS):
        at = 200_000.0 + 3600 * number
        for again in range(6):
            planted = row(f"p{number}", at + 0.2 * again, "click", "/cart", f"button#p{number}")
            kind = {"value": "input", "error_message": "error", "req_url": "request"}.get(
                plant.column, "click"
            )
            found.append(planted | {"event": kind} | {plant.column: plant.cell})
    return found


def as_csv(path: Path) -> Path:
    columns = list(dict.fromkeys(name for each in rows() for name in each))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows())
        file.write("broken anna.q@example.org,,,\n")
    return path


def as_lines(path: Path) -> Path:
    lines = [
        json.dumps({name: value for name, value in each.items() if value is not None}) for each in rows()
    ]
    path.write_text("\n".join([*lines, '{"broken": "anna.q@example.org']))
    return path


def all_text(folder: Path) -> str:
    """Everything that is written in a folder, with what Parquet files hold when they are read."""
    texts = []
    for path in sorted(folder.iterdir()):
        texts.append(path.read_bytes().decode("utf-8", "replace"))
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            texts += [
                "\n".join(map(str, frame[name].drop_nulls().unique().to_list())) for name in frame.columns
            ]
    return "\n".join(texts)


@pytest.fixture(scope="module", params=[as_csv, as_lines])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that friction writes about the export: tables, reports of every form, rejects, errors, log and screen."""
    folder = tmp_path_factory.mktemp("privacy")
    out = folder / "out"
    out.mkdir()
    export = request.param(folder / "export")
    (folder / "friction.toml").write_text(f"[privacy]\n{KEEP}\n[limits]\nreject_share = 0.0\n")
    (folder / "wrong.toml").write_text('ts = "nothing"\n')
    reports = [
        word for suffix in ("html", "json", "md", "csv", "txt") for word in ("-o", str(out / f"r.{suffix}"))
    ]
    for number, words in enumerate(
        (
            ["analyze", str(export), *reports, "--rejects", str(out / "rejects.csv"), "--verbose"],
            ["analyze", str(export), "--goal", "page=/thanks", "--format", "json"],
            ["convert", str(export), "-o", str(out / "events.parquet"), "--verbose"],
            ["detect", str(export), "-o", str(out / "findings.parquet")],
            ["inspect", str(export), "--format", "json"],
            ["inspect", str(export), "--mapping", "wrong.toml", "--verbose"],
        )
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "friction", *words],
            cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True, check=False,
        )  # fmt: skip
        assert ended.returncode in ({0, 4} if number < 5 else {3}), ended.stderr.decode()
        (out / f"screen{number}").write_bytes(ended.stdout + ended.stderr)
    return all_text(out)


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.what for plant in PLANTS])
def test_what_is_planted_is_found_nowhere(written: str, plant: Plant) -> None:
    decoded = unquote(written)
    for secret in plant.secrets:
        assert secret not in written
        assert secret not in decoded


def test_at_least_twenty_three_kinds_are_planted() -> None:
    assert len({plant.what for plant in PLANTS}) >= 23


def test_every_plant_stands_in_the_export(tmp_path: Path) -> None:
    export = as_csv(tmp_path / "a.csv").read_text(encoding="utf-8")

    assert [plant.what for plant in PLANTS if plant.cell.replace('"', '""') not in export] == []


def test_what_the_page_itself_says_is_still_there(written: str) -> None:
    for word in ("button#buy", "/cart", "Welcome back, :text!", "gold", "card :number declined"):
        assert word in written


def test_without_being_allowed_no_property_is_kept(tmp_path: Path) -> None:
    export = as_csv(tmp_path / "a.csv")
    assert main(["convert", str(export), "-o", str(tmp_path / "events.parquet"), "--quiet"]) in {0, 4}
    table = pl.read_parquet(tmp_path / "events.parquet")

    assert "customer_name" not in table.columns
    assert "Zqgustav" not in str(table.to_dicts())


def test_a_column_that_is_allowed_is_kept_masked(tmp_path: Path) -> None:
    export = exported(
        tmp_path / "a.csv", visits(9, plan="gold", owner="of anna@example.org", secret_plan="x")
    )
    (tmp_path / "friction.toml").write_text('[privacy]\nkeep = ["plan", "owner", "no_such_column"]\n')
    words = ["--config", str(tmp_path / "friction.toml"), "-o", str(tmp_path / "events.parquet"), "--quiet"]
    assert main(["convert", str(export), *words]) == 0

    kept = pl.read_parquet(tmp_path / "events.parquet")["props"].unique().to_list()
    assert [json.loads(each) for each in kept] == [{"plan": "gold", "owner": "of :email"}]
