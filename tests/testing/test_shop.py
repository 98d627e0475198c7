"""The made-up shop: the same every time, honest about its losses, and full of traps for careless readers."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from friction.pages import mine
from friction.schema import EVENT, TIMINGS, conform
from friction.testing.shop import Shop, build
from friction.testing.shop.__main__ import main
from friction.testing.shop.chance import Chance
from friction.testing.shop.files import events_bytes, truth_bytes
from friction.testing.shop.frictions import POINTS
from friction.testing.shop.visitors import plan
from friction.testing.shop.walk import Life, walk

SHIPPED = Path(__file__).parents[2] / "fixtures" / "sites" / "shop"
SEED = 3


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build(20_000, SEED)


@pytest.fixture(scope="module")
def clicks(shop: Shop) -> pl.DataFrame:
    return shop.events.filter(pl.col("kind") == "click").sort("session_id", "ts")


def lived(sessions: int = 6_000) -> tuple[Life, pl.DataFrame]:
    """One life, and which pages each session saw (columns `session`, `page`)."""
    chance = Chance(SEED)
    visits = plan(sessions, chance)
    life = walk(visits, chance, visits.who, record=True)
    views = life.joined()
    return life, pl.DataFrame({"session": views.session, "page": views.page})


def points(shop: Shop, detector: str) -> list[dict[str, Any]]:
    return [point for point in shop.truth["points"] if point["detector"] == detector]


def test_the_shipped_files_are_what_the_generator_makes() -> None:
    made = json.loads((SHIPPED / "truth.json").read_text(encoding="utf-8"))
    again = build(made["sessions"], made["made"]["seed"], replicas=made["made"]["replicas"])

    assert events_bytes(again.events) == (SHIPPED / "events.parquet").read_bytes()
    assert truth_bytes(again.truth) == (SHIPPED / "truth.json").read_bytes()


def test_the_shipped_events_are_small() -> None:
    assert (SHIPPED / "events.parquet").stat().st_size < 3_000_000


def test_another_seed_is_another_shop() -> None:
    one, other = build(300, 1, replicas=2), build(300, 2, replicas=2)

    assert not one.events.equals(other.events)


def test_the_command_writes_both_files(tmp_path: Path) -> None:
    code = main(["--sessions", "200", "--seed", "5", "--replicas", "2", "--out", str(tmp_path / "new")])

    assert code == 0
    assert pl.read_parquet(tmp_path / "new" / "events.parquet")["session_id"].n_unique() == 200
    assert json.loads((tmp_path / "new" / "truth.json").read_text(encoding="utf-8"))["sessions"] == 200


@pytest.mark.parametrize(("sessions", "replicas"), [(99, 8), (200, 1)])
def test_a_shop_without_an_error_to_state_is_refused(sessions: int, replicas: int) -> None:
    with pytest.raises(ValueError, match="at least 100 sessions and 2 replicas"):
        build(sessions, 1, replicas=replicas)


def test_events_are_in_the_form_of_the_event_table(shop: Shop) -> None:
    assert dict(shop.events.schema).items() <= dict(EVENT).items()
    assert conform(shop.events.lazy()).collect_schema() == EVENT


def test_events_stand_in_order_of_time_with_sessions_mixed(shop: Shop) -> None:
    changes = (shop.events["session_id"] != shop.events["session_id"].shift()).sum()

    assert shop.events["ts"].is_sorted()
    assert changes > 2 * shop.truth["sessions"]


def test_no_session_falls_silent_for_half_an_hour(shop: Shop) -> None:
    events = shop.events.select("session_id", "ts").sort("session_id", "ts")
    gaps = events.select(
        gap=pl.col("ts").diff(), inside=pl.col("session_id") == pl.col("session_id").shift()
    ).filter("inside")

    assert gaps.select((pl.col("gap") < pl.duration(minutes=30)).all()).item()


def test_the_templates_of_the_truth_are_those_that_mining_finds(shop: Shop) -> None:
    views = shop.events.filter(pl.col("kind") == "page_view")["url"].value_counts().sort("url")

    found = set(mine(views["url"].to_list(), views["count"].to_list()).templates)

    assert found == set(shop.truth["pages"])


def test_the_books_of_the_truth_agree_with_the_events(shop: Shop) -> None:
    bought = shop.events.filter(pl.col("kind") == "conversion")

    assert bought["session_id"].n_unique() == bought.height == shop.truth["conversions"]
    assert bought["name"].unique().to_list() == ["purchase"]
    assert bought["value"].min() > 0  # type: ignore[operator]
    assert shop.events.height == shop.truth["events"]
    assert shop.events["session_id"].n_unique() == shop.truth["sessions"] == 20_000


def test_every_point_is_met_by_a_hundred_sessions(shop: Shop) -> None:
    assert min(point["sessions"] for point in shop.truth["points"]) >= 100
    assert len(shop.truth["points"]) >= 10


def test_losses_spread_over_an_order_of_magnitude(shop: Shop) -> None:
    losses = [point["lost_conversions"] for point in shop.truth["points"] if point["lost_conversions"] > 1]

    assert max(losses) > 10 * min(losses)
    assert len(losses) >= 10


def test_points_without_harm_cost_nothing(shop: Shop) -> None:
    harmless = {point.name for point in POINTS if point.leave == point.patience == 0}
    costs = [point["lost_conversions"] for point in shop.truth["points"] if point["name"] in harmless]

    assert costs == [0.0] * len(harmless)
    assert len(harmless) >= 4


def test_losses_are_known_to_a_twentieth_of_the_largest(shop: Shop) -> None:
    share = shop.truth["largest_error_share"]
    print(f"largest standard error of a loss: {share:.1%} of the largest loss")

    assert share < 0.05


def test_who_never_meets_a_point_lives_the_same_life_without_it() -> None:
    chance = Chance(SEED)
    visits = plan(3_000, chance)
    life = walk(visits, chance, visits.who)
    spared = np.flatnonzero((life.met & 1) == 0)

    again = walk(visits, chance, spared, without=np.zeros(len(spared), np.int64))

    assert np.array_equal(again.bought, life.bought[spared])
    assert np.array_equal(again.met, life.met[spared])


def test_nobody_is_kept_from_buying_by_taking_a_point_away(shop: Shop) -> None:
    errors = {point["name"]: point["lost_conversions_error"] for point in shop.truth["points"]}
    gains = [p["name"] for p in shop.truth["points"] if p["lost_conversions"] < -2 * errors[p["name"]]]

    assert gains == []


def test_the_naive_comparison_has_the_wrong_sign() -> None:
    life, pages = lived(20_000)
    wrong = {"all": set(), "of the page": set()}  # type: dict[str, set[str]]
    for bit, point in enumerate(POINTS):
        met = (life.met >> bit & 1) > 0
        saw = np.zeros(len(met), bool)
        saw[pages.filter(pl.col("page") == int(point.at))["session"].to_numpy()] = True
        for name, others in (("all", ~met), ("of the page", saw & ~met)):
            if point.leave >= 0.05 and life.bought[met].mean() > life.bought[others].mean():
                wrong[name].add(point.name)

    assert len(wrong["all"]) >= 5
    assert len(wrong["of the page"]) >= 2


def test_hanging_buttons_show_as_bursts_without_an_answer(shop: Shop, clicks: pl.DataFrame) -> None:
    for point in points(shop, "rage_click"):
        if point["lost_conversions"] > 1:
            silent = clicks.filter(pl.col("response_delay_ms").is_null())
            assert bursts(silent, point["target"])["session_id"].n_unique() == point["sessions"]


def test_dead_clicks_have_no_answer_and_nothing_follows_for_three_seconds(shop: Shop) -> None:
    events = shop.events.sort("session_id", "ts", maintain_order=True)
    following = pl.col("ts").shift(-1) - pl.col("ts")
    same_target = pl.col("target").shift(-1) == pl.col("target")
    judged = events.with_columns(wait=following, again=same_target.fill_null(value=False))
    for point in points(shop, "dead_click"):
        dead = judged.filter(
            pl.col("kind") == "click",
            pl.col("target") == point["target"],
            pl.col("response_delay_ms").is_null(),
        )
        assert dead["session_id"].n_unique() == point["sessions"]
        assert dead.filter(~pl.col("again"))["wait"].min() >= pl.select(pl.duration(seconds=3)).item()


def test_slow_pages_are_beyond_the_poor_limit_and_no_others(shop: Shop) -> None:
    path = pl.col("url").str.extract(r"example(/[a-z]*)")
    slow = shop.events.filter(pl.col("load_ms") > TIMINGS["load_ms"][1]).group_by(path).n_unique()

    met = {point["page"].removesuffix("/:id").removesuffix("/:slug"): point["sessions"]
           for point in points(shop, "slow_page")}  # fmt: skip
    assert dict(slow.select("url", "session_id").iter_rows()) == met


def test_the_incident_shows_in_the_exits_of_its_page(shop: Shop) -> None:
    incident = shop.truth["incidents"][0]
    start, end = (datetime.fromisoformat(incident[edge]) for edge in ("start", "end"))
    last = shop.events.sort("session_id", "ts", maintain_order=True).filter(pl.col("kind") == "page_view")
    views = last.with_columns(exits=pl.col("session_id") != pl.col("session_id").shift(-1))
    page = views.filter(pl.col("url").str.ends_with(incident["page"]))

    inside = page.filter(pl.col("ts").is_between(start, end))["exits"].mean()
    outside = page.filter(~pl.col("ts").is_between(start, end))["exits"].mean()
    assert isinstance(inside, float)
    assert isinstance(outside, float)
    assert inside > 1.5 * outside


def bursts(clicks: pl.DataFrame, target: str) -> pl.DataFrame:
    """Clicks on the target that are at least the fourth of the session within a second."""
    mine_only = clicks.filter(pl.col("target") == target)
    same = pl.col("session_id") == pl.col("session_id").shift(3)
    return mine_only.filter(same & (pl.col("ts") - pl.col("ts").shift(3) < pl.duration(seconds=1)))


def test_look_alikes_are_bursts_of_clicks(shop: Shop, clicks: pl.DataFrame) -> None:
    rapid = [look for look in shop.truth["look_alikes"] if "double" not in look["name"]]
    for look in rapid:
        if look["detector"] == "rage_click" and look["target"] != "p.body-text":
            assert bursts(clicks, look["target"])["session_id"].n_unique() == look["sessions"] > 50


def test_text_is_selected_while_it_is_clicked_many_times(shop: Shop) -> None:
    selected = shop.events.filter(pl.col("kind") == "selection")

    assert selected["selection_empty"].unique().to_list() == [False]
    assert selected["target"].unique().to_list() == ["p.body-text"]


def test_ordinary_clicks_are_answered(shop: Shop, clicks: pl.DataFrame) -> None:
    silent_ones = {point["target"] for point in shop.truth["points"]} | {"p.body-text"}
    ordinary = clicks.filter(
        ~pl.col("target").is_in(silent_ones) & ~pl.col("session_id").str.starts_with("bot")
    )

    assert ordinary["response_delay_ms"].null_count() == 0
    assert ordinary["response_delay_ms"].max() <= 300  # type: ignore[operator]


def test_one_day_has_many_more_sessions_that_hardly_buy(shop: Shop) -> None:
    sessions = shop.events.group_by("session_id").agg(
        day=pl.col("ts").min().dt.date(), bought=(pl.col("kind") == "conversion").any()
    )
    days = sessions.group_by("day").agg(n=pl.len(), rate=pl.col("bought").mean()).sort("day")
    viral = days.filter(pl.col("day") == date.fromisoformat(shop.truth["viral_day"]))
    others = days.filter(pl.col("day") != date.fromisoformat(shop.truth["viral_day"]))

    assert viral["n"].item() > 4 * others["n"].median()  # type: ignore[operator]
    assert viral["rate"].item() < 0.5 * others["rate"].median()  # type: ignore[operator]


def test_some_sessions_have_no_visitor_and_some_visitors_come_again(shop: Shop) -> None:
    sessions = shop.events.group_by("session_id").agg(pl.col("visitor_id").first())

    nameless = sessions["visitor_id"].null_count()
    assert 20_000 / 600 < nameless < 20_000 / 150
    assert sessions["visitor_id"].drop_nulls().is_duplicated().mean() > 0.2  # type: ignore[operator]


def test_bots_keep_exact_time(shop: Shop) -> None:
    monitor = shop.events.filter(pl.col("session_id") == shop.truth["bots"][0])

    assert monitor["ts"].diff().drop_nulls().n_unique() == 1
    assert monitor["is_bot"].all()


def test_the_file_can_tell_what_every_detector_needs(shop: Shop) -> None:
    kinds = set(shop.events["kind"].unique().to_list())

    assert kinds >= {"page_view", "click", "input", "submit", "request", "error", "scroll", "conversion"}
    assert (
        shop.events.select(pl.col("target", "x", "form", "field", "lcp_ms").count() > 0).row(0) == (True,) * 5
    )
