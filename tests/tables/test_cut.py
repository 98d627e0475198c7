"""Records are cut by the rules; what breaks them is read as it was meant and costs its own record at most."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friction.tables.cut import MOST_LINES, Cutter, Record
from friction.tables.dialect import Dialect
from friction.tables.guess import lines_of

PLAIN = Dialect()
CELLS = st.text(alphabet='ab",\n\r é', max_size=6)


def cut(text: str, dialect: Dialect = PLAIN, width: int | None = 3) -> list[Record]:
    return list(Cutter(dialect, width).records(lines_of(text)))


def cells(text: str, dialect: Dialect = PLAIN, width: int | None = 3) -> list[list[str]]:
    return [record.cells for record in cut(text, dialect, width)]


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), quote_all=st.booleans()
)
def test_what_is_written_by_the_rules_is_read_by_the_rules(rows: list[list[str]], quote_all: bool) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL) if quote_all else csv.writer(text)
    writer.writerows(rows)

    assert cells(text.getvalue()) == rows


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('""a",b,c', ['"a', "b", "c"]),
        ('"a"",b,c', ['a"', "b", "c"]),
        ('"a"","b","c"', ['a"', "b", "c"]),
        ('"a "b" c",d,e', ['a "b" c', "d", "e"]),
        ('"a,b,c', ['"a', "b", "c"]),
        ('a"b,c,d"', ['a"b', "c", 'd"']),
        ('"x, y","say "hi", you","z"', ["x, y", 'say "hi", you', "z"]),
        ('a, "b,c",d', ["a", "b,c", "d"]),
        ("a;b;c", ["a", "b", "c"]),
    ],
)
def test_a_record_that_breaks_the_rules_is_read_as_it_was_meant(line: str, meant: list[str]) -> None:
    assert cells(f"1,2,3\n{line}\n4,5,6\n") == [["1", "2", "3"], meant, ["4", "5", "6"]]


def test_lines_of_a_record_are_counted() -> None:
    assert [record[:2] for record in cut('a,b,c\n\n1,"x\ny",2\r3,4,5\r\n')] == [(1, 1), (3, 4), (5, 5)]


@pytest.mark.parametrize("place", range(0, 40, 3))
@pytest.mark.parametrize("column", range(3))
def test_a_quote_that_never_closes_costs_two_records_at_most(place: int, column: int) -> None:
    rows = [[f"s{i}", f'"text, {i}"' if i % 4 == 0 else f"t{i}", str(i)] for i in range(40)]
    whole = [[cell.strip('"') for cell in row] for row in rows]
    rows[place][column] = '"' + rows[place][column]
    found = cells("".join(",".join(row) + "\n" for row in rows))

    assert sum(row not in found for row in whole) <= 2


def test_records_between_two_stray_quotes_are_not_swallowed() -> None:
    rows = ['1,"a,x', *(f"{i},b,c" for i in range(20)), 'x,y",z']

    assert len(cells("\n".join(rows))) == 22


def test_a_record_may_only_span_so_many_lines() -> None:
    text = '1,"' + "x\n" * (MOST_LINES + 5) + '",3\n'

    assert not cut(text)[0].sound


def test_a_text_of_several_lines_with_commas_is_one_cell() -> None:
    assert cells('1,"Dear all,\nthanks, and bye,\nAnn",3\n') == [
        ["1", "Dear all,\nthanks, and bye,\nAnn", "3"]
    ]


def test_delimiters_of_several_characters_and_escapes_are_put_back() -> None:
    assert cells('a::"b::c"::d\n', Dialect("::")) == [["a", "b::c", "d"]]
    backslash = Dialect(escape="backslash")
    assert cells('"a \\"b\\" c",d\\,e,C:\\\\dir\n', backslash) == [['a "b" c', "d,e", "C:\\dir"]]


def test_nuls_are_left_out() -> None:
    assert cells("a\0,b,c\n") == [["a", "b", "c"]]
