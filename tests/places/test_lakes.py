"""Tables of lakes: the rows of today and no others, nothing from outside their folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable

from friction.errors import InputError
from friction.fetch import lakes
from friction.places import delta as of_delta
from friction.places import iceberg as of_iceberg
from friction.places.kinds import table_of
from tests.places.rows import events


@pytest.mark.parametrize("kind", ["delta", "iceberg"])
def test_a_table_is_its_rows_of_today(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    root: Path = request.getfixturevalue(kind)

    (of_delta if kind == "delta" else of_iceberg).write(root, tmp_path / "rows.parquet", "t")
    found = pl.read_parquet(tmp_path / "rows.parquet").select(events().columns)

    assert table_of(root) == kind
    assert found.sort(found.columns).cast(events().schema).equals(events().sort(found.columns))


def test_of_the_log_of_delta_only_what_came_after_the_last_checkpoint_is_fetched(
    delta: Path, tmp_path: Path
) -> None:
    root = shutil.copytree(delta, tmp_path / "table")
    DeltaTable(root).create_checkpoint()
    names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]

    log = lakes.log("delta", names)
    for name in set(names) - set(log):
        if name.startswith("_delta_log/"):
            (root / name).unlink()

    assert len(log) < len([name for name in names if name.startswith("_delta_log/")])
    assert len(lakes.live("delta", root, "t")) == 4


@pytest.mark.parametrize("path", ["../../secret.parquet", "s3://elsewhere/secret.parquet", "/etc/passwd"])
def test_a_table_of_delta_that_names_files_of_elsewhere_is_refused(
    delta: Path, tmp_path: Path, path: str
) -> None:
    root = shutil.copytree(delta, tmp_path / "table")
    log = max((root / "_delta_log").glob("*.json"))
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    added: dict[str, Any] = next(line["add"] for line in lines if "add" in line)
    added["path"] = path
    log.write_text("\n".join(map(json.dumps, lines)))

    with pytest.raises(InputError) as caught:
        of_delta.write(root, tmp_path / "rows.parquet", "t")

    assert caught.value.problem.code in {"place.outside", "place.damaged_table"}


def test_a_table_of_iceberg_that_names_files_of_elsewhere_is_refused(iceberg: Path, tmp_path: Path) -> None:
    root = shutil.copytree(iceberg, tmp_path / "table")
    metadata = _newest(root)
    said = json.loads(metadata.read_text())
    said["location"] = "s3://another/place"
    metadata.write_text(json.dumps(said))

    with pytest.raises(InputError) as caught:
        of_iceberg.files(root, "t")

    assert caught.value.problem.code == "place.outside"


def test_a_table_does_not_choose_the_program_that_opens_it(iceberg: Path, tmp_path: Path) -> None:
    root = shutil.copytree(iceberg, tmp_path / "table")
    metadata = _newest(root)
    said = json.loads(metadata.read_text())
    said["properties"] = {"py-io-impl": "no.such.module.Class"}
    metadata.write_text(json.dumps(said))

    assert len(of_iceberg.files(root, "t")) == 2


@pytest.mark.parametrize("kind", ["delta", "iceberg"])
def test_a_damaged_log_is_said_without_a_word_of_the_library(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    root = shutil.copytree(request.getfixturevalue(kind), tmp_path / "table")
    for path in (root / ("_delta_log" if kind == "delta" else "metadata")).glob("*.json"):
        path.write_text('{"torn')

    with pytest.raises(InputError) as caught:
        (of_delta if kind == "delta" else of_iceberg).files(root, "t")

    assert caught.value.problem.code == "place.damaged_table"
    assert "torn" not in str(caught.value.problem)


def _newest(root: Path) -> Path:
    return max((root / "metadata").glob("*.metadata.json"))
