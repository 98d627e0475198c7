"""Levels of JSON are counted outside strings, before any parser, and no torn line hides the next one."""

from __future__ import annotations

import json
import random
from contextlib import nullcontext
from typing import Any

import polars as pl
import pytest

from friction.recordings.containers import Contents
from friction.recordings.values import values
from friction.tables import nesting
from friction.tables.nesting import Look, TooDeep, deepest, is_deeper, refuse_deep
from friction.tables.values import loaded


def has_deeper_line(limit: int, *blocks: bytes) -> bool:
    look = Look(limit)
    try:
        for block in blocks:
            look.take(block)
    except TooDeep:
        return True
    return False


def plainly(data: bytes) -> int:
    """The same count, byte by byte."""
    depth = most = 0
    inside = escaped = False
    for byte in data:
        if byte == 10:
            inside = escaped = False
        elif escaped and byte in b'"\\':
            escaped = False
        elif byte == 92:
            escaped = True
            continue
        elif byte == 34:
            inside = not inside
        elif not inside and byte in b"[{":
            most = max(most, depth := depth + 1)
        elif not inside and byte in b"]}":
            depth -= 1
        escaped = False
    return most


@pytest.mark.parametrize("seed", range(200))
def test_brackets_are_counted_as_one_would_by_hand(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(nesting, "BLOCK_BYTES", chance.choice([1, 2, 3, 7, 1 << 17]))
    for _ in range(20):
        weights = [4, 2, 3, 2, 3 * chance.random(), 3 * chance.random(), 2, 0.4]
        text = bytes(chance.choices(b'[]{}"\\a\n', weights, k=chance.randrange(60)))

        assert deepest(text) == plainly(text), text


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        (b'{"a":[1,{"b":"[[[["}]}', 3),
        (b'{"a\\"[[[":1}', 1),
        (b'{"a\\\\":[[1]]}', 3),
        (b"[" * 200_000, 200_000),
    ],
)
def test_only_brackets_outside_strings_are_levels(text: bytes, levels: int) -> None:
    assert deepest(text) == levels
    assert is_deeper(text, levels - 1)
    assert not is_deeper(text, levels)


def test_every_line_counts_for_itself() -> None:
    lines = b'{"a":{"b":\n' * 5_000 + b'{"a":[1]}\n' * 5_000 + b"]" * 50 + b"\n" + b"[" * 3

    assert not has_deeper_line(3, lines)
    assert has_deeper_line(2, lines)


@pytest.mark.parametrize("before", [b'{"torn', b'{"torn\\', b"]" * 900, b""])
def test_a_torn_line_hides_nothing(before: bytes) -> None:
    assert has_deeper_line(800, before + b"\n", b"[" * 900 + b"]" * 900 + b"\n")
    assert has_deeper_line(800, before + b"\n" + b"[" * 900 + b"]" * 900 + b"\n")


@pytest.mark.parametrize(
    ("content", "lines"), [(b"a", 1), (b"a\nb", 2), (b"a\nb\n", 2), (b"a\nb\n\n\r\n", 2)]
)
@pytest.mark.parametrize("is_cut", [True, False])
def test_lines_are_counted_without_blank_ones_at_the_end(content: bytes, lines: int, *, is_cut: bool) -> None:
    look = Look(None)
    cut = content.find(b"\n") + 1 if is_cut else 0
    for block in (content[:cut], content[cut:]):
        look.take(block)

    assert look.lines == lines


def test_no_parser_gets_what_is_too_deep() -> None:
    whole = b"[" * 500 + b"]" * 500

    assert loaded(whole) is not None
    assert loaded(whole, 499) is None


def recorded(data: bytes, depth: int) -> Contents:
    contents = Contents()
    for value in values(data, depth):
        contents.take(value)
    return contents


def test_one_line_of_a_recording_that_is_too_deep_costs_one_record() -> None:
    event: dict[str, Any] = {"type": 4, "timestamp": 1_772_000_000_000, "data": {"href": "x"}}
    deep = json.dumps({**event, "data": {"a": [[[[1]]]]}})
    found = recorded("\n".join([json.dumps(event), deep, json.dumps(event)]).encode(), 4)

    assert (found.records, found.rejects) == (3, [(2, 2, "too_deep")])


@pytest.mark.parametrize("head", [b"[" * 300_000 + b"1," * 300_000, b'[{"a":"' + b'\\"' * 300_000])
def test_what_is_left_of_a_torn_recording_is_found_in_one_go(head: bytes) -> None:
    assert len(list(values(head, 10**6))) == 1


@pytest.mark.parametrize("place", [0, 500, 999])
@pytest.mark.parametrize(("depth", "is_too_deep"), [(20, False), (21, True)])
def test_one_deep_line_among_flat_ones_is_seen_wherever_it_stands(
    place: int, depth: int, is_too_deep: bool
) -> None:
    lines = ['{"a": 1}'] * 1_000
    lines[place] = '{"a": ' * depth + "1" + "}" * depth

    assert has_deeper_line(20, "\n".join(lines).encode()) is is_too_deep
    with pytest.raises(TooDeep) if is_too_deep else nullcontext():
        refuse_deep(pl.Series(lines), 20)
