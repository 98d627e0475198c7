"""Lines in blocks: nothing lost between two of them, and no more of the text in memory than one."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest

from friction.sources.generic import open_table
from friction.tables import blocks, records
from friction.tables.blocks import Block, in_blocks, joined
from friction.tables.delimited import open_delimited
from friction.tables.files import look

LINES = [f'{{"at": {number}, "text": "{"é" * (number % 7)}"}}' for number in range(1, 501)]


@pytest.mark.parametrize("size", [1, 64, 1_000, 1 << 20])
def test_blocks_of_any_size_hold_every_line_once(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(LINES), encoding="utf-8")

    def read(block: bytes) -> Block:
        frame = pl.read_ndjson(io.BytesIO(block)).with_row_index("row_no", 1)
        return Block(frame, frame.height, frame.select("row_no", line="row_no"), block.count(b"\n"))

    found = in_blocks(path, read)

    assert found.records == len(LINES)
    rows = found.frame.collect()
    assert rows["at"].to_list() == rows["row_no"].to_list() == list(range(1, 501))
    assert pl.concat(found.rejects)["line"].to_list() == rows["at"].to_list()


@pytest.mark.parametrize("held", [0, 2_000, 1 << 20])
def test_words_are_the_same_whether_blocks_wait_in_memory_or_in_files(
    held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(blocks, "HELD", held)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(LINES), encoding="utf-8")
    pool = pl.Categorical(pl.Categories.random())

    def read(block: bytes) -> Block:
        frame = pl.read_ndjson(io.BytesIO(block)).with_columns(pl.col("text").cast(pool))
        return Block(frame.with_row_index("row_no", 1), frame.height)

    rows = in_blocks(path, read).frame.collect()

    assert rows.schema["text"] == pool
    assert rows["row_no"].to_list() == list(range(1, 501))
    assert rows["text"].cast(pl.String).to_list() == ["é" * (number % 7) for number in range(1, 501)]


def test_whoever_wants_little_held_has_blocks_wait_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(blocks, "LITTLE", 0)
    monkeypatch.setattr(blocks, "_HELD", [])
    stored, store = list[int](), blocks._stored

    def counted(frame: pl.DataFrame) -> Path:
        stored.append(frame.height)
        return store(frame)

    monkeypatch.setattr(blocks, "_stored", counted)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(LINES), encoding="utf-8")

    def read(block: bytes) -> Block:
        frame = pl.read_ndjson(io.BytesIO(block)).with_row_index("row_no", 1).drop("text")
        return Block(frame, frame.height)

    held = in_blocks(path, read).frame.collect()
    assert not stored
    blocks.hold_little()

    assert in_blocks(path, read).frame.collect().equals(held)
    assert sum(stored) == held.height == len(LINES)


def test_what_one_block_raises_ends_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(LINES), encoding="utf-8")

    def read(block: bytes) -> Block:
        if b" 51," in block:
            raise ValueError("block")
        return Block(pl.DataFrame({"row_no": [1]}), 1)

    with pytest.raises(ValueError, match="block"):
        in_blocks(path, read)


@pytest.mark.parametrize("bad", ["", "{torn\n", '{"session_id": [[1]], "ts": }\n'])
def test_rows_are_numbered_through_blocks_with_bad_lines_too(
    bad: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 200)
    good = [f'{{"session_id": "s{number}", "ts": {number}, "event": "click"}}\n' for number in range(60)]
    path = tmp_path / "a.jsonl"
    path.write_text("".join([*good[:30], bad, *good[30:]]), encoding="utf-8")

    rows = open_table(look(path, "a.jsonl")).select([pl.col("c0").alias("session_id")])
    frame = rows.events.collect()

    assert frame["session_id"].to_list() == [f"s{number}" for number in range(60)]
    expected = [number for number in range(1, 61 + bool(bad)) if not (bad and number == 31)]
    assert frame["row_no"].to_list() == expected
    assert rows.rejects["row_no"].to_list() == ([31] if bad else [])


@pytest.mark.parametrize("size", [1, 64, 1_000, 1 << 20])
@pytest.mark.parametrize("before", ["", "Report of June\n\n"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n\n\n"])
@pytest.mark.parametrize("broken", ["", "s,1\n"])
def test_records_over_several_lines_are_never_torn(
    size: int, before: str, end: str, broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(records, "BLOCK", min(size, 100))
    rows = [f's{number},{number},"one\nand ""{"x" * (number % 40)}"", two"' for number in range(60)]
    path = tmp_path / "a.csv"
    path.write_text(before + "session_id,ts,text\n" + broken + "\n".join(rows) + end, encoding="utf-8")
    table = open_delimited(look(path, path.name))
    every = [pl.col(f"c{at}") for at in range(3)]

    found = table.told(every, lambda frame: frame.filter(pl.col("c1") != "7"))

    assert found.events.collect().equals(table.select(every).events.filter(pl.col("c1") != "7").collect())
    assert found.records == table.select(every).records == 60 + bool(broken)
    assert found.events.collect()["row_no"].to_list()[-1] == 60 + bool(broken)
    assert found.rejects.height == bool(broken)


@pytest.mark.parametrize("pieces", [1, 3])
def test_what_is_joined_lies_in_one_piece_and_nowhere_else(pieces: int) -> None:
    word = pl.Categorical(pl.Categories.random())
    part = pl.DataFrame({"row_no": [1, 2, 3, 4], "word": pl.Series(["a", None, "b", "a"], dtype=word)})
    given = [pl.concat([part.head(1), part.tail(3)]) for _ in range(pieces)]
    assert given[0].n_chunks() == 2

    found = joined(given)

    assert found.equals(pl.concat([part] * pieces))
    assert found.n_chunks("all") == [1, 1]
    assert all(one.width == 0 for one in given)
