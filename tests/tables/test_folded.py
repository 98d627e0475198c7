"""Members of objects in cells are the same texts, whichever way they are read."""

from __future__ import annotations

import polars as pl
import pytest

from friction.tables import folded
from friction.tables.folded import Folded, one_by_one
from friction.tables.leaves import Leaves

PLAIN = ['{"a": 1, "b": "x"}', '{"b": "y", "c": {"d": null}}', "{}"] * 40
LISTS = ['{"a": ["x", "y"], "b": "1"}', '{"a": [], "b": "2"}', '{"b": "3", "a": ["é"]}'] * 40


@pytest.mark.parametrize(
    "texts", [PLAIN, LISTS, [*PLAIN, *LISTS], [*LISTS, "null", "torn {"], ['{"a": "["}', *LISTS]]
)
@pytest.mark.parametrize("shown", [1, 50, 500])
def test_members_are_the_same_read_at_once_and_one_by_one(
    texts: list[str], shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folded, "SHOWN", shown)
    column = pl.Series(texts)
    cells = Folded(["a", "b", "c"])

    for _ in range(2):
        assert (
            cells.read(column)
            .with_columns(plain())
            .equals(one_by_one(column, cells.keys).with_columns(plain()))
        )


def test_lists_of_texts_need_no_second_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(folded, "of_lines")

    found = Folded(["a", "b"]).read(pl.Series(LISTS))

    assert found["a"].to_list() == ['["x", "y"]', "[]", '["é"]'] * 40


@pytest.mark.parametrize("last", ['{"id": 1, "b": "z"}', '{"id": 1, "b": "z", "a": "é"}', r'{"\u0062": "1"}'])
def test_ends_that_texts_share_are_read_once(last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "SHOWN", 50)
    texts = [f'{{"id": {number}, "a": "{"long" * 9}", "b": "{number % 3}"}}' for number in range(100)]
    column, cells = pl.Series([*texts, last]), Folded(["a", "b", "c"])
    whole: list[pl.Series] = []
    decoded = Leaves.decoded

    def watched(leaves: Leaves, lines: pl.Series, size: int) -> pl.DataFrame | None:
        whole.append(lines.filter(lines.is_in(column.implode())))
        return decoded(leaves, lines, size)

    monkeypatch.setattr(Leaves, "decoded", watched)

    assert cells.read(column).equals(one_by_one(column, cells.keys))
    assert max(one.len() for one in whole) <= 1


def plain() -> pl.Expr:
    """Without the blanks that only some writers leave in JSON."""
    return pl.all().str.replace_all(r"([,:])\s+", "$1")
