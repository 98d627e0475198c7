"""Events of PostHog: every container tells the same, every word of its has one of ours, nothing typed remains."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from friction.errors import InputError
from friction.ingest.columns import wanted
from friction.ingest.gather import Pools, gather
from friction.schema import EVENT, conform
from friction.sources import recognise
from friction.sources.base import Options, Reading
from friction.sources.generic import Generic
from friction.sources.posthog import PostHog
from friction.sources.posthog_chain import parsed
from friction.sources.posthog_columns import unfold
from friction.sources.posthog_elements import facts
from friction.tables.files import look
from friction.testing import posthog as made_up

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources" / "posthog"
FILES = ("page.json", "batch.jsonl", "batch.parquet", "list.csv", "old.jsonl")
ROW: dict[str, Any] = {
    **{"uuid": "u1", "event": "$pageview", "distinct_id": "d1", "timestamp": "2026-03-02T08:00:00.250Z"},
    "properties": {"$lib": "web", "$session_id": "s1", "$current_url": "https://a.example/x"},
}


def reading(path: Path, **options: Any) -> Reading:
    return PostHog().read(look(path, path.name), Options(**options))


def frame(path: Path, **options: Any) -> pl.DataFrame:
    return conform(reading(path, **options).events).collect()


def row(**properties: Any) -> dict[str, Any]:
    """One event; `event` and `chain` are its fields, the rest its properties with a `$` before their names."""
    event, chain = properties.pop("event", "$pageview"), properties.pop("chain", "")
    named = {
        key if key in {"revenue", "currency", "label"} else f"${key}": given
        for key, given in properties.items()
    }
    return {**ROW, "event": event, "elements_chain": chain, "properties": {**ROW["properties"], **named}}


def events(folder: Path, *rows: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    path = folder / "events.jsonl"
    path.write_text(made_up.lines(list(rows)), encoding="utf-8")
    return frame(path, **options).to_dicts()


def event(folder: Path, **properties: Any) -> dict[str, Any]:
    return events(folder, row(**properties))[0]


# --- Containers


def test_the_fixtures_are_what_the_generator_writes(tmp_path: Path) -> None:
    made_up.write(made_up.events(6, 1), tmp_path)
    for name in set(FILES) - {"batch.parquet"}:
        assert (tmp_path / name).read_bytes() == (FIXTURES / name).read_bytes()
    assert pl.read_parquet(tmp_path / "batch.parquet").equals(pl.read_parquet(FIXTURES / "batch.parquet"))


@pytest.mark.parametrize("name", FILES)
def test_every_container_is_recognised_and_generic_loses(name: str) -> None:
    source, sure, file = recognise(FIXTURES / name, name)
    assert source.name == "posthog"
    assert sure > 0.9 > Generic().sniff(file)


@pytest.mark.parametrize("name", FILES[1:])
def test_every_container_tells_the_same_events(name: str) -> None:
    assert frame(FIXTURES / name).equals(frame(FIXTURES / FILES[0]))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("name", ["list.csv", "batch.jsonl", "batch.parquet"])
def test_compressed_files_tell_the_same(tmp_path: Path, name: str, compress: Any) -> None:
    path = tmp_path / name
    path.write_bytes(compress((FIXTURES / name).read_bytes()))
    assert recognise(path, name)[0].name == "posthog"
    assert frame(path).equals(frame(FIXTURES / name))


def test_columns_of_a_csv_may_have_no_prefix(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(
        "event,timestamp,distinct_id,$session_id,$current_url,utm_campaign\n"
        "$pageview,2026-03-02 08:00:00.250000+00:00,d1,s1,https://a.example/x,spring\n",
        encoding="utf-8",
    )
    assert recognise(path, path.name)[0].name == "posthog"
    found = frame(path).row(0, named=True)
    names = ("kind", "visitor_id", "session_id", "url", "campaign")
    assert [found[name] for name in names] == ["page_view", "d1", "s1", "https://a.example/x", "spring"]
    assert found["ts"].isoformat() == "2026-03-02T08:00:00.250000+00:00"


def test_a_reading_holds_only_columns_of_the_event_table() -> None:
    for name in FILES:
        columns = reading(FIXTURES / name).events.collect_schema()
        assert set(columns) <= set(EVENT)


def test_streaming_equals_reading_in_memory() -> None:
    for name in FILES:
        lazy = conform(reading(FIXTURES / name).events)
        assert lazy.collect(engine="in-memory").equals(lazy.collect(engine="streaming"))


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "backwards.jsonl"
    lines = (FIXTURES / "batch.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(reversed(lines)), encoding="utf-8")
    backwards, forwards = (
        frame(one).drop("row_no").sort("event_id") for one in (path, FIXTURES / "batch.jsonl")
    )
    assert backwards.equals(forwards)


def test_all_rows_can_be_used() -> None:
    everything = wanted(frozenset(EVENT))
    for name in FILES:
        gathered = gather(reading(FIXTURES / name), everything, Pools())
        assert (gathered.accepted, gathered.rejects.height) == (gathered.total, 0)


def test_only_wanted_columns_are_read() -> None:
    columns = set(reading(FIXTURES / "batch.parquet", columns=frozenset({"browser"})).events.collect_schema())
    assert "browser" in columns
    assert columns.isdisjoint({"target", "el_attrs", "error_message", "value", "os"})


def test_a_property_that_no_sample_shows_is_found(tmp_path: Path) -> None:
    rows = [row(browser="Firefox", padding="x" * 900) for _ in range(3_000)]
    rows[700] = row(event="$exception", exception_message="boom")
    messages = [one["error_message"] for one in events(tmp_path, *rows)]
    assert [at for at, message in enumerate(messages) if message] == [700]


def test_a_bad_line_costs_one_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl"
    lines = (FIXTURES / "batch.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:5], '{"event": "$pagev\n', *lines[5:]]), encoding="utf-8")
    found = reading(path)
    assert found.rejects["line"].to_list() == [6]
    assert found.facts["records"] == len(lines) + 1
    assert (
        conform(found.events).collect().drop("row_no").equals(frame(FIXTURES / "batch.jsonl").drop("row_no"))
    )


def test_an_unreadable_text_of_properties_costs_only_them(tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    good = pl.read_parquet(FIXTURES / "batch.parquet")
    broken = pl.when(pl.int_range(pl.len()) == 3).then(pl.lit('{"$os":')).otherwise("properties")
    good.with_columns(properties=broken).write_parquet(path)
    before, after = frame(FIXTURES / "batch.parquet"), frame(path)
    assert after["url"].is_null().arg_true().to_list() == [3]
    assert after.filter(pl.col("row_no") != 4).equals(before.filter(pl.col("row_no") != 4))


def test_properties_without_an_object_are_null() -> None:
    texts = pl.Series(['{"a": 1, "b": [1, "x"]}', None, "", "[1]", '{\n"a": "y"}'])
    found = unfold(texts, ["properties.a", "properties.b"]).struct.unnest()
    assert found["properties.a"].to_list() == ["1", None, None, None, "y"]
    assert json.loads(found["properties.b"][0]) == [1, "x"]


# --- Words


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"event": "$pageview"}, "page_view"),
        ({"event": "$screen"}, "page_view"),
        ({"event": "$pageleave"}, "page_leave"),
        ({"event": "$autocapture", "event_type": "click"}, "click"),
        ({"event": "$autocapture", "event_type": "touch"}, "click"),
        ({"event": "$autocapture", "event_type": "change"}, "change"),
        ({"event": "$autocapture", "event_type": "submit"}, "submit"),
        ({"event": "$autocapture"}, "custom"),
        ({"event": "$rageclick", "event_type": "click"}, "rage_click"),
        ({"event": "$dead_click", "event_type": "click"}, "dead_click"),
        ({"event": "$web_vitals"}, "web_vital"),
        ({"event": "$exception"}, "error"),
        ({"event": "$copy_autocapture"}, "copy"),
        ({"event": "$identify"}, "identify"),
        ({"event": "survey sent"}, "feedback"),
        ({"event": "survey shown"}, "custom"),
        ({"event": "purchase"}, "conversion"),
        ({"event": "Order Completed"}, "conversion"),
        ({"event": "product added to cart"}, "add_to_cart"),
        ({"event": "button clicked"}, "custom"),
        ({"event": "page viewed"}, "custom"),
        ({"event": "$feature_flag_called"}, "custom"),
    ],
)
def test_every_event_has_its_kind_and_keeps_its_name(
    tmp_path: Path, given: dict[str, str], kind: str
) -> None:
    found = event(tmp_path, **given)
    assert (found["kind"], found["name"]) == (kind, given["event"])


def test_who_and_where(tmp_path: Path) -> None:
    found = event(
        tmp_path, window_id="w1", pageview_id="p1", user_id="7", referrer="$direct", device_type="Mobile"
    )
    names = ("session_id", "visitor_id", "tab_id", "pageview_id", "user_id", "event_id", "referrer", "device")
    assert [found[name] for name in names] == ["s1", "d1", "w1", "p1", "7", "u1", None, "mobile"]
    assert found["url"] == "https://a.example/x"
    assert (found["ts"].isoformat(), found["ts_quality"]) == ("2026-03-02T08:00:00.250000+00:00", "exact")
    assert found["tz_assumed"] is False


def test_units_of_a_page_that_is_left(tmp_path: Path) -> None:
    given = {"prev_pageview_duration": 12.5, "prev_pageview_max_scroll_percentage": 0.8}
    left = event(tmp_path, event="$pageleave", **given)
    assert (left["duration_ms"], left["scroll_pct"]) == (12_500.0, pytest.approx(80.0))
    viewed = event(tmp_path, event="$pageview", **given)
    assert (viewed["duration_ms"], viewed["scroll_pct"]) == (None, None)


def test_vitals_stand_in_their_own_event(tmp_path: Path) -> None:
    given = {"web_vitals_LCP_value": 2400.5, "web_vitals_INP_value": 90, "web_vitals_CLS_value": 0.1}
    found = event(tmp_path, event="$web_vitals", **given)
    assert [found[name] for name in ("lcp_ms", "inp_ms", "cls", "fcp_ms")] == [2400.5, 90.0, 0.1, None]


@pytest.mark.parametrize(
    "given",
    [
        {"exception_types": ["TypeError", "Error"], "exception_values": ["x of ann@example.org", "y"]},
        {"exception_type": "TypeError", "exception_message": "x of ann@example.org"},
        {"exception_list": [{"type": "TypeError", "value": "x of ann@example.org"}]},
    ],
)
def test_exceptions_in_every_form(tmp_path: Path, given: dict[str, Any]) -> None:
    found = event(tmp_path, event="$exception", **given)
    assert (found["error_kind"], found["error_message"]) == ("TypeError", "x of @")


def test_an_order_has_a_value_and_nothing_else_has(tmp_path: Path) -> None:
    order, click = events(
        tmp_path,
        row(event="order completed", revenue="49.90", currency="EUR"),
        row(event="button clicked", revenue=3, currency="EUR"),
    )
    assert (order["value"], order["currency"]) == (49.9, "EUR")
    assert (click["value"], click["currency"]) == (None, None)


@pytest.mark.parametrize("revenue", ["NaN", "inf", "a lot", True, None, [1], {"amount": 1}])
def test_an_order_without_a_number_has_no_value(tmp_path: Path, revenue: Any) -> None:
    assert event(tmp_path, event="purchase", revenue=revenue)["value"] is None


def test_what_is_written_is_a_length(tmp_path: Path) -> None:
    copied = event(tmp_path, event="$copy_autocapture", selected_content="secret words")
    score = event(tmp_path, event="survey sent", survey_response="9")
    words = event(tmp_path, event="survey sent", survey_response="too slow")
    assert (copied["value_len"], score["value"], score["value_len"]) == (12, 9.0, None)
    assert (words["value"], words["value_len"]) == (None, 8)


def test_a_screen_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    screen = {**ROW, "event": "$screen", "properties": {"$session_id": "s", "$screen_name": "Basket"}}
    path.write_text(json.dumps(screen) + "\n", encoding="utf-8")
    assert frame(path)["url"].to_list() == ["/Basket"]


def test_a_touch_has_a_place_and_a_pointer(tmp_path: Path) -> None:
    found = event(tmp_path, event="$autocapture", event_type="touch", touch_x=12, touch_y=30.5)
    assert (found["x"], found["y"], found["pointer"]) == (12.0, 30.5, "touch")


def test_no_reaction_is_claimed(tmp_path: Path) -> None:
    """Were a delay given for dead clicks alone, all other clicks would count as unanswered."""
    found = event(tmp_path, event="$dead_click", event_type="click", dead_click_mutation_delay_ms=2_900)
    assert found["response_delay_ms"] is None


def test_the_mapping_beats_every_guess() -> None:
    for name in ("batch.jsonl", "batch.parquet", "list.csv"):
        theirs = "*.properties.plan" if name == "list.csv" else "properties.plan"
        found = frame(FIXTURES / name, mapping={"variant": theirs})
        assert set(found.filter(pl.col("kind") == "conversion")["variant"]) == {"gold"}
    with pytest.raises(InputError, match="no such column"):
        frame(FIXTURES / "list.csv", mapping={"variant": "plan"})


def test_times_without_a_zone_are_said_to_be_assumed(tmp_path: Path) -> None:
    naive = {**row(), "timestamp": "2026-03-02 08:00:00.250"}
    assumed, said = (events(tmp_path, naive, **given)[0] for given in ({}, {"tz": "Europe/Paris"}))
    assert (assumed["tz_assumed"], assumed["ts"].hour) == (True, 8)
    assert (said["tz_assumed"], said["ts"].hour) == (False, 7)


def test_a_missing_time_is_said(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("event,distinct_id,properties.$lib\n$pageview,d,web\n", encoding="utf-8")
    assert PostHog().sniff(look(path, path.name)) == 0
    with pytest.raises(InputError, match="'timestamp' is missing") as raised:
        frame(path)
    assert raised.value.problem.file == "none.csv"


# --- Elements


def test_a_chain_is_read_with_its_quotes() -> None:
    button, card, main = parsed(made_up.elements_chain(made_up.BUY))[:3]
    assert (button.tag, button.text, button.nth) == ("button", 'Buy "now"; ship later', 2)
    assert (card.tag, card.classes) == ("div", ["card", "md:flex"])
    assert main.attributes["id"] == "app"


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=6))
def test_any_text_survives_the_chain(texts: list[str]) -> None:
    elements = [
        {
            "tag_name": "div",
            "nth_child": 1,
            "nth_of_type": 1,
            "attributes": {"attr__title": text.replace("\\", "")},
        }
        for text in texts
    ]
    found = [part.attributes.get("title", "") for part in parsed(made_up.elements_chain(elements))]
    assert found == [text.replace("\\", "") for text in texts]


@given(st.text(alphabet='ab.:;="\\[]{} ', max_size=60))
def test_rubbish_is_no_error(text: str) -> None:
    assert isinstance(facts(text), dict)


@pytest.mark.parametrize("elements", [made_up.BUY, made_up.LINK, made_up.EMAIL, made_up.EMAIL[1:]])
def test_chain_and_lists_say_the_same(elements: list[made_up.Element]) -> None:
    chain = facts(made_up.elements_chain(elements))
    assert facts(json.dumps(made_up.old_elements(elements))) == chain
    assert facts(json.dumps(elements)) == chain


def test_a_selector_ends_at_a_stable_id_and_leaves_out_what_was_generated() -> None:
    assert facts(made_up.elements_chain(made_up.LINK))["target"] == "main#app > a.entry > span"
    deep = ";".join('div:nth-child="1"nth-of-type="1"' for _ in range(9))
    assert facts(deep)["target"] == " > ".join(["div"] * 5)
    assert facts('p:nth-of-type="2";body:nth-of-type="1";html:')["target"] == "p:nth-of-type(2)"


def test_at_most_eight_ancestors_are_kept() -> None:
    assert len(json.loads(facts(";".join(['div:nth-child="1"'] * 30))["el_ancestors"])) == 8


def test_facts_of_an_element() -> None:
    email = facts(made_up.elements_chain(made_up.EMAIL))
    assert (email["form"], email["field"], email["field_type"]) == ("sign-up", "email", "email")
    assert email["el_text"] is None
    off = facts('span:text="Pay";button:attr__disabled=""attr__style="cursor: pointer"')
    assert (off["el_disabled"], off["el_interactive"], off["field"]) == (True, True, None)
    assert facts('div:attr__contenteditable="true"text="my diary"')["el_text"] is None
    assert facts('b:text="my diary";div:attr__contenteditable="true"')["el_text"] is None
    assert json.loads(facts('div:attr__style="cursor: pointer"')["el_attrs"])["cursor"] == "pointer"


def test_a_captured_click_was_on_something_that_answers(tmp_path: Path) -> None:
    plain = 'div:text="More"nth-child="1"'
    captured = event(tmp_path, event="$autocapture", event_type="click", chain=plain)
    dead = event(tmp_path, event="$dead_click", event_type="click", chain=plain)
    assert (captured["el_interactive"], dead["el_interactive"]) == (True, None)


def test_without_a_chain_the_text_stands_for_the_element(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text(
        "*.event,*.timestamp,*.distinct_id,*.properties.$event_type,*.properties.$el_text\n"
        "$autocapture,2026-03-02T08:00:00.250Z,d1,click,Add to cart\n",
        encoding="utf-8",
    )
    found = frame(path).row(0, named=True)
    assert (found["kind"], found["target"], found["el_text"]) == ("click", "Add to cart", "Add to cart")


def test_nothing_typed_and_nobody_remains() -> None:
    for name in FILES:
        told = frame(FIXTURES / name).drop("visitor_id").write_ndjson()
        for secret in ("ann@example.org", "secret words", "4711 22", "abc123"):
            assert secret not in told


# --- Strangers

STRANGERS: dict[str, Any] = {
    "mixpanel": {
        "event": "$mp_click",
        "properties": {
            **{"time": 1772438400, "distinct_id": "d", "$current_url": "https://a.example", "mp_lib": "web"},
            **{"$insert_id": "i", "mp_processing_time_ms": 1772438400000},
        },
    },
    "segment": {
        **{
            "type": "track",
            "event": "Order Completed",
            "messageId": "m",
            "anonymousId": "a",
            "properties": {},
        },
        "timestamp": "2026-03-02T08:00:00.250Z",
    },
    "amplitude": {
        **{
            "event_type": "[Amplitude] Page Viewed",
            "amplitude_id": 1,
            "event_properties": {},
            "$insert_id": "i",
        },
        **{"device_id": "d", "event_time": "2026-03-02 08:00:00.250000", "session_id": 1772438400000},
    },
    "ga4": {
        **{"event_timestamp": "1772438400000000", "event_name": "page_view", "user_pseudo_id": "u"},
        "event_params": [],
    },
    "rrweb": {
        "type": 4,
        "timestamp": 1772438400000,
        "data": {"href": "https://a.example", "width": 1, "height": 1},
    },
    "generic": {"event": "click", "timestamp": "2026-03-02T08:00:00Z", "session_id": "s", "url": "/"},
    "nobody's": {"event": "click", "timestamp": "2026-03-02T08:00:00Z", "distinct_id": "d", "url": "/"},
}


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_are_refused(tmp_path: Path, name: str) -> None:
    lines, listed = tmp_path / "a.jsonl", tmp_path / "a.json"
    lines.write_text(made_up.lines([STRANGERS[name]] * 3), encoding="utf-8")
    listed.write_text(json.dumps([STRANGERS[name]] * 3), encoding="utf-8")
    assert [PostHog().sniff(look(path, path.name)) for path in (lines, listed)] == [0.0, 0.0]


@pytest.mark.parametrize(
    "header",
    [
        "event,time,distinct_id,$browser,mp_processing_time_ms",
        "Event,Time,Distinct ID,$browser,$current_url",
        "timestamp,session_id,event,url",
        "event,timestamp,distinct_id,url",
        "event_time,event_type,amplitude_id,$insert_id",
    ],
)
def test_strange_headers_are_refused(tmp_path: Path, header: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{','.join('x' * len(header.split(',')))}\n", encoding="utf-8")
    assert PostHog().sniff(look(path, path.name)) == 0
