"""The generic source on small tables: what is understood."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest
import zstandard

from friction.errors import UsageError
from tests.sources.generic import at, column, read, reading, refusal

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources" / "generic"
HEADER = "session_id,ts,event,url\n"


def test_canonical_names_are_themselves() -> None:
    found = read(FIXTURES / "shop.csv")

    assert {c.theirs: c.ours for c in found.columns}["type"] == "kind"
    assert all(c.ours == c.theirs for c in found.columns if c.theirs != "type")
    assert found.facts["records"] == 6


def test_what_is_typed_becomes_its_length_and_money_stays_a_number() -> None:
    rows = read(FIXTURES / "shop.csv").events.collect()

    assert rows["value"].to_list() == [None] * 5 + [59.9]
    assert rows["value_len"].to_list() == [None, None, None, 4, None, None]


def test_a_german_table_in_latin_1_is_read() -> None:
    found = read(FIXTURES / "kasse.csv")

    assert column(found, "url") == ["/straße", "/straße", "/größe"]
    assert column(found, "ts")[0] == at("2026-03-31T10:00")
    assert column(found, "ts_quality") == ["minute"] * 3
    assert column(found, "tz_assumed") == [True] * 3


def test_items_without_pages_get_synthetic_addresses() -> None:
    found = read(FIXTURES / "items.tsv")

    assert column(found, "url") == ["/item/77"] * 3
    assert column(found, "kind") == ["page_view", "add_to_cart", "conversion"]
    assert "synthetic" in found.columns[3].note


def test_nested_objects_are_columns_by_their_path() -> None:
    found = read(FIXTURES / "tracked.jsonl")

    assert column(found, "user_id") == ["u1", "u1", "u2"]
    assert column(found, "kind") == ["page_view", "submit", "conversion"]
    assert column(found, "value") == [None, None, 25.0]
    assert column(found, "tz_assumed") == [False] * 3


def test_words_of_json_lines_come_by_number_and_mean_the_same(tmp_path: Path) -> None:
    lines = (
        '{"session_id": "s1", "ts": "2026-01-01T10:00:00Z", "type": "click", "url": "/a", "target": null}',
        '{"session_id": "null", "ts": "2026-01-01T10:00:01Z", "type": "odd", "url": "", "target": "#x"}',
    )
    found = reading(tmp_path, "\n".join(lines))
    assert found.marked is not None
    types = found.marked.collect_schema()

    names = {name for each in found.by_word.values() for name in each.columns.values()}

    assert {"session_id", "kind", "url", "target"} <= set(found.by_word)
    assert all(isinstance(types[name], pl.Categorical) for name in names)
    assert column(found, "session_id") == ["s1", None]
    assert column(found, "url") == ["/a", None]
    assert column(found, "target") == [None, "#x"]


def test_a_list_in_an_envelope_is_read() -> None:
    found = read(FIXTURES / "list.json")

    assert column(found, "ts") == [at("2026-01-01T00:00:00"), at("2026-01-01T00:00:01.500")]
    assert column(found, "nav_kind") == [None, "back_forward"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_compressed_files_are_the_same_table(tmp_path: Path, pack: object) -> None:
    plain = (FIXTURES / "shop.csv").read_bytes()

    packed = reading(tmp_path, pack(plain))  # type: ignore[operator]

    assert packed.events.collect().equals(read(FIXTURES / "shop.csv").events.collect())


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"session": [7, 7], "time": [at("2026-01-01"), at("2026-01-02")], "page": ["/a", "/b"]}
    )
    frame.write_parquet(tmp_path / "x.csv")

    found = read(tmp_path / "x.csv")

    assert column(found, "session_id") == ["7", "7"]
    assert column(found, "ts") == [at("2026-01-01"), at("2026-01-02")]
    assert column(found, "kind") == ["page_view"] * 2


def test_a_log_of_sessions_and_items_is_read_by_its_aliases(tmp_path: Path) -> None:
    times = (1659304800025, 1659304904511, 1659367439426)
    words = ("clicks", "carts", "orders")
    lines = [f"{i},{times[i]},{words[i]},15{i}\n" for i in range(3)]

    found = reading(tmp_path, "session,ts_ms,event,item\n" + "".join(lines))

    assert [c.ours for c in found.columns] == ["session_id", "ts", "kind", "url"]
    assert column(found, "kind") == ["click", "add_to_cart", "conversion"]
    assert column(found, "url") == ["/item/150", "/item/151", "/item/152"]


def test_one_bad_line_costs_one_line(tmp_path: Path) -> None:
    lines = [f"s{i},2026-01-01T00:00:{i:02},click,/p\n" for i in range(20)]
    lines[3] = "s3,2026-01-01T00:00:03,click\n"
    lines[7] = "s7,2026-01-01T00:00:07,click,/p,extra\n"
    lines[11] = 's11,2026-01-01T00:00:11,click,"/p\n'

    found = reading(tmp_path, HEADER + "".join(lines))

    assert found.rejects.rows() == [
        (4, 5, None, "too_few_cells"),
        (8, 9, None, "too_many_cells"),
        (12, 13, None, "unclosed_quote"),
    ]
    assert found.events.collect()["row_no"].to_list() == [i for i in range(1, 21) if i not in {4, 8, 12}]
    assert found.facts["records"] == 20


def test_one_bad_json_line_costs_one_line(tmp_path: Path) -> None:
    good = '{"sid": "a", "ts": 1767225600, "page": "/home"}\n'

    found = reading(tmp_path, good + "\n" + '{"sid": "a", \n' + "[1]\n" + good)

    assert found.rejects.rows() == [(2, 3, None, "not_json"), (3, 4, None, "not_an_object")]
    assert column(found, "row_no") == [1, 4]
    assert found.facts["records"] == 4


def test_types_that_change_between_lines_are_kept(tmp_path: Path) -> None:
    content = '{"sid": 1, "ts": 1767225600, "page": "/a"}\n{"sid": "b", "ts": "1767225601", "page": 5}\n'

    found = reading(tmp_path, content)

    assert column(found, "session_id") == ["1", "b"]
    assert column(found, "url") == ["/a", "5"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_read(tmp_path: Path, end: str) -> None:
    content = HEADER + "a,2026-01-01T00:00:00,click,/p\nb,2026-01-01T00:00:01,click,/p\n"

    assert column(reading(tmp_path, content.replace("\n", end)), "session_id") == ["a", "b"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    content = HEADER + "a,2026-01-01T00:00:00,click,/é\n"

    assert column(reading(tmp_path, content.encode(encoding)), "url") == ["/é"]


def test_blank_lines_and_quoted_line_ends_are_no_records(tmp_path: Path) -> None:
    content = HEADER + 'a,2026-01-01T00:00:00,click,"/p\n1"\n\nb,2026-01-01T00:00:01,click,/p\n\n\n'

    found = reading(tmp_path, content)

    assert column(found, "url") == ["/p\n1", "/p"]
    assert found.facts["records"] == 2


def test_words_for_nobody_are_no_session(tmp_path: Path) -> None:
    content = HEADER + "NULL,2026-01-01T00:00:00,click,/p\nb,2026-01-01T00:00:01,click,/p\n"

    assert column(reading(tmp_path, content), "session_id") == [None, "b"]


def test_a_bad_value_costs_one_cell(tmp_path: Path) -> None:
    content = (
        "session_id,ts,event,url,x\na,2026-01-01T00:00:00,click,/p,12\na,2026-01-01T00:00:01,click,/p,wide\n"
    )

    assert column(reading(tmp_path, content), "x") == [12.0, None]


def test_durations_get_their_unit_from_the_name_or_the_size(tmp_path: Path) -> None:
    content = (
        "session_id,ts,page,load_time_us,lcp_ms,time_on_page\n"
        "a,2026-01-01T00:00:00,/p,1500000,2500,12.5\na,2026-01-01T00:00:01,/p,500000,2400,40\n"
    )

    found = reading(tmp_path, content)

    assert column(found, "load_ms") == [1500.0, 500.0]
    assert column(found, "lcp_ms") == [2500.0, 2400.0]
    assert column(found, "duration_ms") == [12_500.0, 40_000.0]
    assert "seconds" in found.columns[5].note


def test_the_mapping_beats_every_guess(tmp_path: Path) -> None:
    content = "session_id,other,ts,page\na,b,2026-01-01T00:00:00,/p\n"

    assert column(reading(tmp_path, content, mapping={"session_id": "other"}), "session_id") == ["b"]


def test_a_mapping_to_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    error = refusal(tmp_path, HEADER + "a,2026-01-01T00:00:00,click,/p\n", mapping={"target": "ulr"})

    assert error.problem.code == "input.no_such_column"
    assert error.problem.remedy == 'did you mean "url"?'


def test_a_mapping_of_no_column_of_ours_is_wrong_usage(tmp_path: Path) -> None:
    error = refusal(tmp_path, HEADER + "a,2026-01-01T00:00:00,click,/p\n", mapping={"sesion_id": "url"})

    assert isinstance(error, UsageError)
    assert error.problem.remedy == 'did you mean "session_id"?'


def test_only_wanted_columns_are_yielded(tmp_path: Path) -> None:
    found = reading(tmp_path, HEADER + "a,2026-01-01T00:00:00,click,/p\n", columns=frozenset({"ts"}))

    assert "url" not in found.events.collect_schema()


def test_unknown_columns_are_listed_and_not_kept(tmp_path: Path) -> None:
    content = "session_id,ts,event,url,secret\na,2026-01-01T00:00:00,click,/p,x\n"

    found = reading(tmp_path, content)

    assert (found.columns[4].theirs, found.columns[4].ours) == ("secret", None)
    assert "props" not in found.events.collect_schema()


@pytest.mark.parametrize(
    ("more", "account"), [("", ["ada@example.org"]), (",visitor_id", None), (",user_id", ["u1"])]
)
def test_an_address_is_the_account_where_nothing_else_says_who_it_was(
    more: str, account: list[str] | None, tmp_path: Path
) -> None:
    value = ",u1" if more else ""
    content = f"ts,session_id,url,user_email{more}\n2026-01-01T00:00:00,a,/p,ada@example.org{value}\n"
    found = reading(tmp_path, content)

    assert ("user_id" in found.events.collect_schema()) == (account is not None)
    assert account is None or column(found, "user_id") == account


def test_the_form_of_times_can_be_said(tmp_path: Path) -> None:
    found = reading(tmp_path, b"session_id,ts,url\na,03/04/2026,/p\n", mapping={"ts_format": "m/d/Y"})

    assert column(found, "ts") == [at("2026-03-04")]
