"""What holds for every source that comes with friction and has a sample."""

from __future__ import annotations

import json
import random
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.schema import conform
from friction.sources import BUILTIN, catalogue, recognise
from friction.sources.base import REJECT, Options, Reading
from friction.tables.files import look

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
COUNTING = {"hotjar", "clarity", "mouseflow", "plausible", "umami", "posthog_recording/list.json"}
"""Sources, and files of others, in which the tool has counted already."""
SAMPLES = sorted(
    path
    for source in BUILTIN
    for path in (FIXTURES / source.name).glob("*")
    if path.suffix not in {".md", ".zip"}  # what an archive holds is there by itself as well
)
COUNTED = [p for p in SAMPLES if p.parent.name in COUNTING or f"{p.parent.name}/{p.name}" in COUNTING]
BY_LINES = [path for path in SAMPLES if path.suffix in {".csv", ".tsv", ".jsonl", ".log"}]
BROKEN = b"torn\n"


def read(path: Path) -> Reading:
    source, _, file = recognise(path, path.name)
    return source.read(file, Options(kinds=frozenset({"mouse_move", "mutation"})))


def content(reading: Reading) -> pl.DataFrame:
    """All rows, in an order of their own; of an export of counts those of its table."""
    if reading.counted is not None:
        frame = counts(reading).drop("row_no", "labels", strict=False)
        return frame.sort(pl.all())
    frame = conform(reading.events).collect().drop("row_no", "el_classes")
    return frame.sort(pl.all())


def counts(reading: Reading) -> pl.DataFrame:
    """The table that an export of counts fills."""
    assert reading.counted is not None
    return reading.counted.sessions if reading.counted.sessions.height else reading.counted.aggregates


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SAMPLES, ids=named)
def test_a_source_knows_its_own_and_no_other_does(path: Path) -> None:
    source, sure, file = recognise(path, "something.else")

    others = {other.name: other.sniff(file) for other in BUILTIN if other.name != source.name}

    assert source.name == path.parent.name
    assert max(others.values()) < sure
    assert all(found == 0 for name, found in others.items() if name != "generic")


STRANGE: tuple[object, ...] = (None, True, -1, 1e300, "", "x", [], [[1]], {}, {"a": {"b": []}})


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.suffix in {".json", ".jsonl"}], ids=named)
def test_values_of_any_type_are_no_reason_to_fail_while_looking(path: Path, tmp_path: Path) -> None:
    chance, copy = random.Random(path.name), tmp_path / "strange"
    for _ in range(10):
        records = [json.loads(line) for line in _values_of(path)[:20]]
        copy.write_text(
            "\n".join(json.dumps(_estranged(record, chance)) for record in records), encoding="utf-8"
        )
        file = look(copy, "strange")

        assert all(0 <= source.sniff(file) <= 1 for source in BUILTIN)


def _estranged(value: object, chance: random.Random) -> object:
    """The value with one in four of what it holds replaced by something of another type."""
    if isinstance(value, dict):
        return {
            key: chance.choice(STRANGE) if chance.random() < 0.25 else _estranged(one, chance)
            for key, one in value.items()
        }
    return [_estranged(one, chance) for one in value] if isinstance(value, list) else value


def _values_of(path: Path) -> list[str]:
    """The file's values as texts: itself where it is one, else its lines."""
    text = path.read_text(encoding="utf-8")
    try:
        json.loads(text)
    except ValueError:
        return text.splitlines()
    return [text]


@pytest.mark.parametrize("path", COUNTED, ids=named)
def test_an_export_of_counts_fills_one_table_and_has_no_event(path: Path) -> None:
    reading = read(path)

    assert conform(reading.events).collect().height == 0
    assert reading.counted is not None
    assert bool(reading.counted.sessions.height) != bool(reading.counted.aggregates.height)
    assert counts(reading)["row_no"].null_count() == 0
    assert reading.facts["records"] >= counts(reading)["row_no"].n_unique()
    assert reading.rejects.schema == REJECT


@pytest.mark.parametrize("path", [path for path in SAMPLES if path not in COUNTED], ids=named)
def test_events_are_columns_of_the_event_table(path: Path) -> None:
    reading = read(path)

    frame = conform(reading.events).collect()

    assert frame.height > 0
    assert reading.counted is None
    assert frame["row_no"].null_count() == 0
    assert frame["ts"].null_count() == 0
    assert frame["kind"].null_count() == 0
    assert reading.rejects.schema == REJECT


@pytest.mark.parametrize("path", BY_LINES, ids=named)
def test_the_order_of_rows_is_irrelevant(path: Path, tmp_path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    head, body = (
        (lines[:1], lines[1:]) if path.suffix in {".csv", ".tsv"} and "bare" not in path.stem else ([], lines)
    )
    remarks = [line for line in body if line.startswith(b"#")]
    body = [line for line in body if not line.startswith(b"#")]
    (tmp_path / path.name).write_bytes(b"".join([*head, *remarks, *reversed(body)]))

    assert_frame_equal(content(read(tmp_path / path.name)), content(read(path)))


@pytest.mark.parametrize("path", BY_LINES, ids=named)
def test_a_bad_row_is_counted_and_costs_no_other(path: Path, tmp_path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines.insert(2, BROKEN)
    (tmp_path / path.name).write_bytes(b"".join(lines))

    broken, whole = read(tmp_path / path.name), read(path)

    assert broken.rejects["line"].to_list() == [3]
    assert broken.facts["records"] == whole.facts["records"] + 1
    assert_frame_equal(content(broken), content(whole))


def test_the_catalogue_names_every_source_with_a_title() -> None:
    found = catalogue()

    assert [entry["name"] for entry in found] == [source.name for source in BUILTIN]
    assert all(entry["title"] and entry["text"] for entry in found)
