"""What is written out: the event table comes back without loss, findings lead back to their rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from friction import scan
from friction.compare import exact
from friction.config import Settings
from friction.export import FOUND
from friction.privacy.identities import visitor
from friction.report import Report
from friction.schema import EVENT
from friction.testing.shop import Shop, build
from tests.exports import Row, analysed, goal, row, visits, written


def converted(*paths: Path, out: str = "events.parquet", **settings: Any) -> Path:
    """The event table of these files, next to the first one."""
    path = paths[0].with_name(out)
    scan.convert(paths, None, Settings.model_validate(settings), path)
    return path


def same(one: Report, other: Report) -> list[str]:
    return exact(one.to_json(), other.to_json())


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build(1500, 3, replicas=2)


def test_the_event_table_of_a_shop_gives_the_same_report(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "shop.parquet"
    shop.events.write_parquet(path)

    assert same(analysed(path), analysed(converted(path))) == []


def silent(rows: list[Row]) -> list[Row]:
    """Clicks that do not say where they are, on products with numbers, and sessions that never say it."""
    numbered = [one | {"url": f"{one['url']}/{48_100 + i % 50}"} for i, one in enumerate(rows)]
    never = [row(f"t{n}", 7 * n, "click", None, "button#buy") for n in range(9)]
    return [one | {"url": None} if one["event"] == "click" else one for one in numbered] + never


def coarse(rows: list[Row]) -> list[Row]:
    """Times to the second, so that bursts happen at one instant."""
    return [one | {"timestamp": one["timestamp"][:19] + "Z"} for one in rows]


def resumed(rows: list[Row]) -> list[Row]:
    """Two sessions under each name, with hours between."""
    return [one | {"session_id": f"s{int(one['session_id'][1:]) % 150}"} for one in rows]


def anonymous(rows: list[Row]) -> list[Row]:
    """Visitors instead of sessions."""
    return [one | {"session_id": None, "visitor_id": one["session_id"]} for one in resumed(rows)]


def paid(rows: list[Row]) -> list[Row]:
    """Money without a currency."""
    return [one | {"value": 10} for one in rows]


@pytest.mark.parametrize("change", [list, silent, coarse, resumed, anonymous, paid])
def test_what_is_converted_gives_the_same_report(tmp_path: Path, change: Any) -> None:
    path = written(tmp_path / "a.csv", change(visits(300)))
    one, other = (analysed(each, goals=goal("page=/thanks")) for each in (path, converted(path)))

    assert one.input.sessions >= 300
    assert same(one, other) == []


def test_a_table_converted_twice_stays_the_same(tmp_path: Path) -> None:
    first = converted(written(tmp_path / "a.csv", resumed(visits(60))))
    second = converted(first, out="again.parquet")
    kept = [name for name in EVENT if name not in {"source", "row_no"}]

    assert pl.read_parquet(second).select(kept).equals(pl.read_parquet(first).select(kept))


def test_every_column_is_there_in_its_type_and_in_order(tmp_path: Path) -> None:
    table = pl.read_parquet(converted(written(tmp_path / "a.csv", visits(20))))

    assert table.schema == EVENT
    assert table["session_id"].rle().len() == table["session_id"].n_unique()
    for _, session in table.group_by("session_id"):
        assert session.equals(session.sort("ts", "seq"))


FULL: dict[str, Any] = {
    **{"title": "Chairs", "name": "Product Viewed", "nav_kind": "reload", "referrer": "https://find.test/"},
    **{"tab_id": "t1", "pageview_id": "p1", "event_id": "e1", "visitor_id": "v1", "user_id": "u1"},
    **{"el_tag": "button", "el_id": "buy", "el_role": "button", "el_text": "Buy", "el_classes": "big blue"},
    **{"el_interactive": "true", "x": 5.5, "viewport_w": 800, "scroll_pct": 40, "button": 0, "detail": 2},
    **{"modifiers": "alt+ctrl", "pointer": "touch", "is_trusted": "true", "press_ms": 80.5},
    **{"form": "form#f", "field": "mail", "field_type": "email", "is_paste": "false", "load_ms": 1200},
    **{"cls": 0.25, "http_method": "GET", "http_status": 404, "error_message": "x is undefined"},
    **{"device": "phone", "country": "FR", "release": "1.2", "returning": "true", "value": 12.5},
    **{"currency": "EUR", "goal": "order", "v_rage": "true", "vendor_score": 0.5, "count": 3},
}


def test_every_column_of_an_export_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row("s1", 0, "page_view", "/a", "button#buy", **FULL)])
    (event,) = pl.read_parquet(converted(path)).rows(named=True)
    changed: dict[str, Any] = {"el_classes": ["big", "blue"]}
    changed |= {name: visitor(FULL[name], "") for name in ("visitor_id", "user_id")} | {
        name: text == "true" for name, text in FULL.items() if text in {"true", "false"}
    }

    assert {name: event[name] for name in FULL} == FULL | changed
    assert (event["source"], event["row_no"], event["file_id"]) == ("generic", 1, 0)


def test_of_what_is_typed_only_the_length_is_kept(tmp_path: Path) -> None:
    rows = [row("s1", 0, "input", "/a", "input#mail", value="ann@example.org"), row("s1", 1, "click", "/a")]
    path = converted(written(tmp_path / "a.csv", rows))

    assert pl.read_parquet(path)["value_len"].to_list() == [15, None]
    assert b"ann@" not in path.read_bytes()


@pytest.mark.parametrize("column", ["url", "referrer", "el_href", "req_url"])
def test_addresses_lose_what_opens_a_door(tmp_path: Path, column: str) -> None:
    secret = "https://shop.test/reset/9f8e7d6c5b4a3f2e1d0c?token=tok3n&email=ann%40example.org"
    path = converted(
        written(
            tmp_path / "a.csv",
            [row("s1", 0, "request", "/a") | {column: secret}, row("s1", 1, "click", "/a")],
        )
    )
    (address, *_) = pl.read_parquet(path)[column].to_list()

    assert address.startswith("https://shop.test/reset")
    for word in ("9f8e7d6c5b4a3f2e1d0c", "tok3n", "ann", "example.org"):
        assert word not in address


def detected(paths: list[Path], out: Path, *names: str, **options: str) -> dict[str, Any]:
    return scan.detect(paths, None, Settings(), names or ["rage_click"], options, out)


def test_findings_have_the_columns_of_the_contract(tmp_path: Path) -> None:
    out = tmp_path / "found.parquet"
    detected([written(tmp_path / "a.csv", visits(30, visitor_id="v1"))], out)

    assert pl.read_parquet(out).schema == FOUND


def test_rows_of_a_finding_are_lines_of_the_file(tmp_path: Path) -> None:
    rows = visits(40, visitor_id="v1")
    path, out = written(tmp_path / "a.csv", rows), tmp_path / "found.parquet"
    counts = detected([path], out)
    found = pl.read_parquet(out)

    assert counts == {"findings": {"rage_click": found.height}, "not_assessable": {}}
    assert found.height > 5
    for each in found.iter_rows(named=True):
        burst = [rows[number - 1] for number in each["rows"]]
        assert {(one["session_id"], one["event"], one["target"]) for one in burst} == {
            (each["session_id"], "click", "button#buy")
        }
        assert (len(burst), each["page"], each["target"]) == (each["events"], "/cart", "button#buy")
        assert each["trigger_row"] in each["rows"]
        assert (each["visitor_id"], each["file"], each["preset"]) == (visitor("v1", ""), "a.csv", None)
        assert isinstance(json.loads(each["detail"]), dict)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_findings_are_the_same_in_every_format(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path / "a.csv", visits(40))
    for each in (".parquet", suffix):
        detected([path], tmp_path / f"found{each}")
    table = pl.read_parquet(tmp_path / "found.parquet")
    text = (tmp_path / f"found{suffix}").read_text(encoding="utf-8").splitlines()
    other = list(csv.DictReader(text)) if suffix == ".csv" else [json.loads(line) for line in text]

    assert list(other[0]) == table.columns
    assert [each["session_id"] for each in other] == table["session_id"].to_list()
    assert [json.loads(str(each["rows"])) for each in other] == table["rows"].to_list()
    assert {each["start"][-1] for each in other} == {"Z"}


def test_a_finding_over_two_files_names_the_rows_of_both(tmp_path: Path) -> None:
    burst = [row("s1", at / 10, "click", "/a", "b") for at in range(6)]
    files = [written(tmp_path / "one.csv", burst[:4]), written(tmp_path / "two.csv", burst[4:])]
    out = tmp_path / "found.parquet"
    detected(files, out)
    (found,) = pl.read_parquet(out).rows(named=True)

    assert (found["events"], found["file"], found["rows"]) == (6, "one.csv", [1, 2, 3, 4])
    assert json.loads(found["detail"])["more"] == [{"file": "two.csv", "rows": [1, 2]}]


def test_thresholds_change_what_is_found(tmp_path: Path) -> None:
    path, out = written(tmp_path / "a.csv", visits(40)), tmp_path / "found.parquet"

    assert detected([path], out)["findings"]["rage_click"] > 0
    assert detected([path], out, min_clicks="9")["findings"] == {"rage_click": 0}


def test_what_a_file_cannot_tell_is_said_and_not_counted(tmp_path: Path) -> None:
    path, out = written(tmp_path / "a.csv", visits(20)), tmp_path / "found.parquet"
    answer = detected([path], out, "rage_click", "form_abandonment")

    assert list(answer["findings"]) == ["rage_click"]
    assert answer["not_assessable"]["form_abandonment"].startswith("needs ")


def test_pieces_of_a_session_all_say_what_it_said_once(tmp_path: Path) -> None:
    said = {"visitor_id": "v1", "device": "phone"}
    rows = [
        row("s1", 0, "click", "/a"),
        row("s1", 4000, "click", "/a", **said),
        row("s1", 4001, "click", "/a"),
    ]
    table = pl.read_parquet(converted(written(tmp_path / "a.csv", rows)))

    assert table.select("session_id", "visitor_id", "device").rows() == [
        ("s1", visitor("v1", ""), "phone"),
        ("s1~2", visitor("v1", ""), "phone"),
        ("s1~2", visitor("v1", ""), "phone"),
    ]


def test_a_table_without_addresses_stays_without(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", [row(f"s{n}", n, "click", None, "b") for n in range(9)])

    assert same(analysed(path), analysed(converted(path))) == []
