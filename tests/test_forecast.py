"""What plainly cannot fit is refused before it is read; what might fit is tried."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest
import zstandard

from friction.errors import LimitError
from friction.ingest.forecast import ENGINE_BYTES, EVENT_BYTES, records, refuse_hopeless

LINE = b'2026-05-01T10:00:00Z,s1,"/a"\n'
ROWS = 100_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same records as text, packed, as Parquet, with texts of two lines, and as JSON lines."""
    place = tmp_path_factory.mktemp("forecast")
    content = LINE * ROWS
    (place / "text").write_bytes(content)
    (place / "gz").write_bytes(gzip.compress(content, 1))
    (place / "zst").write_bytes(zstandard.compress(content))
    (place / "two_lines").write_bytes(b'a,b,"first\nsecond"\n' * ROWS)
    (place / "json").write_bytes(b'{"a": 1}\n' * ROWS)
    (place / "cut_off").write_bytes(gzip.compress(content, 1)[:-100])
    (place / "empty").touch()
    pl.DataFrame({"a": range(ROWS)}).write_parquet(place / "parquet")
    (place / "torn").write_bytes((place / "parquet").read_bytes()[:200])
    return place


@pytest.mark.parametrize("name", ["text", "gz", "zst", "two_lines", "parquet"])
def test_records_are_estimated_without_reading_the_file(folder: Path, name: str) -> None:
    assert records(folder / name) == pytest.approx(ROWS, rel=0.05)


@pytest.mark.parametrize("name", ["json", "cut_off", "empty", "torn", "missing"])
def test_what_cannot_be_estimated_counts_nothing(folder: Path, name: str) -> None:
    assert records(folder / name) == 0


def test_a_large_packed_file_is_estimated_from_its_first_part(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.gz", "wb", compresslevel=1) as file:
        for _ in range(20):
            file.write(LINE * ROWS)

    assert records(tmp_path / "a.gz") == pytest.approx(20 * ROWS, rel=0.2)


def test_lines_of_json_count_where_nothing_is_refused(folder: Path) -> None:
    assert records(folder / "json", with_json=True) == pytest.approx(ROWS, rel=0.05)


@pytest.mark.parametrize(("spare", "refused"), [(2, False), (-2, True)])
def test_only_what_cannot_fit_is_refused(folder: Path, spare: int, refused: bool) -> None:
    ceiling = ENGINE_BYTES + EVENT_BYTES * 2 * ROWS + spare * EVENT_BYTES * ROWS // 10
    inputs = [str(folder / "parquet"), str(folder / "two_lines")]
    plan = {"inputs": inputs, "names": ["p", "t"], "bounds": {"memory": ceiling}}
    if not refused:
        refuse_hopeless(plan)
        return
    with pytest.raises(LimitError) as caught:
        refuse_hopeless(plan)

    assert (caught.value.problem.code, caught.value.problem.file) == ("limit.memory", None)


@pytest.mark.parametrize("plan", [{}, {"inputs": ["x"]}, {"bounds": {"memory": 1}}])
def test_without_a_ceiling_or_inputs_nothing_is_refused(plan: dict[str, object]) -> None:
    refuse_hopeless(plan)
