"""The generic source on small tables: what is understood, what is refused and in which words."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import zstandard

from friction.errors import FrictionError, UsageError
from friction.sources import recognise
from friction.sources.base import Options, Reading

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources" / "generic"
HEADER = "session_id,ts,event,url\n"


def read(path: Path, **options: object) -> Reading:
    source, _, file = recognise(path, path.name)
    return source.read(file, Options(**options))  # type: ignore[arg-type]


def reading(folder: Path, content: str | bytes, **options: object) -> Reading:
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, **options)


def refusal(folder: Path, content: str | bytes, **options: object) -> FrictionError:
    with pytest.raises(FrictionError) as caught:
        reading(folder, content, **options)
    return caught.value


def column(reading: Reading, name: str) -> list[object]:
    return reading.events.collect()[name].to_list()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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
    ("content", "code"),
    [
        (b"", "input.empty"),
        (b"\n\r\n", "input.empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "input.not_a_table"),
        (b"%PDF-1.7 ...", "input.not_a_table"),
        (b"PK\x03\x04\x14\x00 xl/workbook.xml", "input.not_a_table"),
        (b"<!DOCTYPE html><html>", "input.not_a_table"),
        (bytes(1000), "input.not_a_table"),
        (b"a letter to a friend\nand its second line\n", "input.not_a_table"),
        (b'{"one": 1}', "input.no_time_column"),
        (b'{"one": ', "input.not_a_table"),
        (b"PAR1 torn", "input.unreadable"),
        (gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:40], "input.damaged_archive"),
        (zstandard.compress(bytes(range(256)) * 99)[:60], "input.damaged_archive"),
        (b"session_id,ts,event,url\n", "input.no_rows"),
        (b"s1,2026-01-01T00:00:00,click,/p\ns1,2026-01-01T00:00:01,click,/p\n", "input.no_header"),
        (b'1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET /a,b HTTP/1.1"\n' * 2, "input.no_header"),
        (b"session_id,event,url\na,click,/p\n", "input.no_time_column"),
        (b"ts,event,url\n2026-01-01T00:00:00,click,/p\n", "input.no_session_column"),
        (b"ts,session_id,x\n2026-01-01T00:00:00,a,4\n", "input.no_event_column"),
        (b"rank,id,detector,sessions_affected,sessions_exposed,estimate\n1,a,b,2,3,4\n", "input.not_a_table"),
        (b"session_id,BounceRates,ExitRates,PageValues\na,1,2,3\n", "input.aggregate"),
        (b"session_id,ts,url\na,03/04/2026,/p\n", "input.ambiguous_times"),
        (b"session_id,ts,url\na,13/04/2026,/p\na,04/14/2026,/p\n", "input.mixed_times"),
        (b"session_id,ts,url\na,13/04/2026,/p\na,2026-04-14,/p\n", "input.mixed_times"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content).problem.code == code


@pytest.mark.parametrize(
    "content",
    [
        b'{"session": 1, "errors": {"message": ["a", "b"], "error_time": [1, 2]}}\n' * 2,
        b'session,errors.message,errors.error_time\n1,"[""a""]","[1]"\n',
    ],
)
def test_the_data_export_of_contentsquare_is_called_by_its_name(tmp_path: Path, content: bytes) -> None:
    problem = refusal(tmp_path, content).problem

    assert (problem.code, "Contentsquare" in problem.detail) == ("input.no_time_column", True)


def test_a_workbook_that_excel_wrote_with_a_password_may_be_meant(tmp_path: Path) -> None:
    """Both are compound files, and what a password hides cannot be looked at."""
    problem = refusal(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).problem

    assert (problem.code, "password" in problem.detail) == ("input.not_a_table", True)


def test_a_refusal_says_where_and_what_to_do(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"when,session_id,url\n5,a,/p\n").problem

    assert problem.file == "upload"
    assert problem.remedy is not None
    assert 'ts = "…"' in problem.remedy
    assert "when, session_id, url" in problem.remedy


def test_a_column_of_times_that_holds_none_is_called_by_its_name(tmp_path: Path) -> None:
    problem = refusal(tmp_path, b"event time,session_id,url\nyesterday,a,/p\ntomorrow,a,/q\n").problem

    assert (problem.code, problem.column) == ("input.time_unreadable", "event time")
    assert "name another column" in (problem.remedy or "")


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


def test_a_french_table_is_read_as_it_is_exported(tmp_path: Path) -> None:
    content = (
        "Horodatage;Identifiant de session;Visiteur;Événement;Page;Élément;Appareil;Navigateur;Pays;"
        "Durée (s);Temps de chargement en secondes;Montant;Message d’erreur\r\n"
        "31/03/2026 10:00:00;s1;v1;Page vue;/panier;;mobile;Firefox;France;12;1,5;;\r\n"
        "31/03/2026 10:00:05;s1;v1;Achat;/panier;button#payer;mobile;Firefox;France;;;59,90;Oups\r\n"
    )

    found = reading(tmp_path, content.encode("cp1252"))

    assert [c.ours for c in found.columns] == [
        *("ts", "session_id", "visitor_id", "kind", "url", "target", "device", "browser", "country"),
        *("duration_ms", "load_ms", "value", "error_message"),
    ]
    assert column(found, "kind") == ["page_view", "conversion"]
    assert column(found, "load_ms") == [1_500.0, None]
    assert column(found, "value") == [None, 59.9]


@pytest.mark.parametrize(
    "name", ["Événement", "évènement", "EVENEMENT", "E\N{COMBINING ACUTE ACCENT}vénement", "nom_evenement"]
)
def test_accents_are_written_or_not(tmp_path: Path, name: str) -> None:
    found = reading(tmp_path, f"session_id,ts,{name}\na,2026-01-01T00:00:00,clic\n")

    assert column(found, "kind") == ["click"]


def test_a_truth_may_be_said_in_french(tmp_path: Path) -> None:
    content = "session_id,ts,page,is_bot\na,2026-01-01T00:00:00,/p,Oui\nb,2026-01-01T00:00:00,/p,non\n"

    assert column(reading(tmp_path, content), "is_bot") == [True, False]


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (("59,90", "5"), [59.9, 5.0]),
        (("59,90", "1 234,50"), [59.9, 1_234.5]),
        (("1,234", "5"), [None, 5.0]),
        (("59,90", "1,234"), [59.9, None]),
        (("59.90", "5,5"), [59.9, None]),
    ],
)
def test_money_has_a_decimal_comma_where_nothing_speaks_against_it(
    tmp_path: Path, values: tuple[str, str], read: list[float | None]
) -> None:
    lines = "".join(f"a;2026-01-01T00:00:00;purchase;{value}\n" for value in values)

    assert column(reading(tmp_path, "session_id;ts;event;value\n" + lines), "value") == read
