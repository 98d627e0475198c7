"""One input cut in two, before and after or by variant, from the command line to the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from friction import scan, sides
from friction.compare import difference
from friction.config import Settings
from friction.errors import InputError, UsageError
from tests.cli.conftest import Run
from tests.exports import SITE

DAYS, START_MS = 28, 1_772_409_600_000
"""From 2 March 2026 on."""
CUT = "2026-03-16"
RAGE = {"button#pay": (0.10, 0.02), "button#help": (0.08, 0.08), "button#list": (0.03, 0.09)}
"""Target → share of the sessions that hammer it, on the one side and on the other."""


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks before and two after, in which visitors also see one of two variants; the rates go by the week."""
    return written(tmp_path_factory.mktemp("sides") / "events.parquet", by="week")


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with rates that go by the variant."""
    return written(tmp_path_factory.mktemp("sides") / "trial.parquet", by="variant")


def written(path: Path, by: str) -> Path:
    chance = np.random.default_rng(4)
    number = 9_000
    at = np.sort(chance.uniform(0, DAYS * 86_400_000 - 7_200_000, number)).astype(np.int64) + START_MS
    visitor = chance.integers(0, number, number)
    variant = visitor % 2
    side = (at >= START_MS + 14 * 86_400_000).astype(int) if by == "week" else variant
    frame = pl.DataFrame(
        {
            "session_id": "s" + pl.Series(np.arange(number)).cast(pl.String),
            "visitor_id": "v" + pl.Series(visitor).cast(pl.String),
            "ts": at,
            "variant": pl.Series(["A", "B"]).gather(variant),
        }
    )

    def rows(mask: Any, later: int, event: str, page: str, target: str | None = None) -> pl.DataFrame:
        kept = frame.filter(pl.Series(np.asarray(mask, bool)))
        return kept.with_columns(
            pl.col("ts") + later,
            event=pl.lit(event),
            url=pl.lit(SITE + page),
            target=pl.lit(target, pl.String),
        )

    every = np.ones(number)
    parts = [
        rows(every, 0, "page_view", "/cart"),
        rows(chance.random(number) < 0.3, 90_000, "page_view", "/thanks"),
    ]
    for place, (target, shares) in enumerate(RAGE.items()):
        hammers = chance.random(number) < np.array(shares)[side]
        parts += [rows(hammers, 5_000 + 9_000 * place + 150 * n, "click", "/cart", target) for n in range(6)]
    pl.concat(parts).sort("ts").with_columns(pl.from_epoch("ts", "ms")).write_parquet(path)
    return path


SETTINGS = Settings.model_validate(
    {"goals": {"0": {"when": "page=/thanks"}}, "analysis": {"detectors": ["rage_click"]}}
)
EXPECTED = {"button#pay": {"better", "fixed"}, "button#help": {"unchanged"}, "button#list": {"worse"}}


def test_two_periods_of_one_input_are_told_apart(export: Path) -> None:
    found = sides.periods([export], None, SETTINGS, CUT)
    told = difference(found.old, found.new)

    assert {c.point.target: c.state for c in told.changes}.keys() == EXPECTED.keys()
    assert all(c.state in EXPECTED[c.point.target or ""] for c in told.changes)
    assert [len(report.days) for report in (found.old, found.new)] == [14, 14]
    assert told.placebo is not None
    assert told.placebo.changed == 0
    assert told.goal is not None
    assert told.goal.verdict != "worse"


def test_two_variants_are_told_apart_and_their_visitors_counted(trial: Path) -> None:
    found = sides.variants([trial], None, SETTINGS, "variant", None, 0.5)
    told = difference(found.old, found.new, found.sample)

    assert found.names == ("A", "B")
    assert all(c.state in EXPECTED[c.point.target or ""] for c in told.changes)
    assert found.sample is not None
    assert found.sample.fits
    assert found.old.input.sessions + found.new.input.sessions == 9_000


def test_periods_do_not_matter_to_variants_and_the_other_way_round(export: Path, trial: Path) -> None:
    by_variant = sides.variants([export], None, SETTINGS, "variant", "B", 0.5)
    by_time = sides.periods([trial], None, SETTINGS, CUT)

    assert by_variant.names == ("B", "A")
    assert {c.state for c in difference(by_variant.old, by_variant.new, by_variant.sample).changes} == {
        "unchanged"
    }
    assert {c.state for c in difference(by_time.old, by_time.new).changes} == {"unchanged"}


def test_a_dimension_without_two_values_and_one_that_there_is_not_are_refused(export: Path) -> None:
    with pytest.raises(InputError, match="has not two values"):
        sides.variants([export], None, SETTINGS, "release", None, 0.5)
    with pytest.raises(InputError, match="has not two values"):
        sides.variants([export], None, SETTINGS, "variant", "C", 0.5)
    with pytest.raises(UsageError, match="no dimension"):
        sides.variants([export], None, SETTINGS, "varaint", None, 0.5)


def test_the_command_line_says_the_same_in_a_terminal_as_json_and_as_files(
    export: Path, friction: Run, tmp_path: Path
) -> None:
    page, text = tmp_path / "c.html", tmp_path / "c.md"
    words = [str(export), "--split", CUT, "--goal", "page=/thanks", "--detector", "rage_click"]
    shown = friction("compare", *words, "-o", str(page), "-o", str(text))
    told = json.loads(friction("compare", *words, "--format", "json").out)

    assert shown.code == 0, shown.err
    assert "1 worse" in shown.out
    assert "Placebo" in shown.out
    assert {each["state"] for each in told["changes"]} <= {"worse", "better", "fixed", "unchanged"}
    assert told["goal"]["old"] == pytest.approx(0.3, abs=0.03)
    assert "<script" not in page.read_text()
    assert "button#list" in page.read_text().replace("&#35;", "#")
    assert text.read_text().startswith("# ")


def test_two_inputs_are_analysed_and_compared(export: Path, friction: Run, tmp_path: Path) -> None:
    halves, cut = [], pl.datetime(2026, 3, 16)
    for name, mine in {"old": pl.col("ts") < cut, "new": pl.col("ts") >= cut}.items():
        path = tmp_path / f"{name}.parquet"
        pl.read_parquet(export).filter(mine).write_parquet(path)
        halves.append(str(path))
    told = json.loads(friction("compare", *halves, "--detector", "rage_click", "--format", "json").out)
    states = {(each["new"] or each["old"])["target"]: each["state"] for each in told["changes"]}

    assert states["button#list"] == "worse"
    assert states["button#help"] == "unchanged"


@pytest.mark.parametrize("words", [["one"], ["one", "--split", "2026-01-01", "--by", "variant"]])
def test_what_cannot_be_compared_is_said(words: list[str], friction: Run) -> None:
    assert friction("compare", *words).code == 2


def test_a_split_that_is_no_moment_is_said(friction: Run) -> None:
    said = friction("compare", "one.csv", "--split", "tomorrow")

    assert said.code == 2
    assert "tomorrow is no time" in said.err
    assert "write it like 2026-03-21T08:00" in said.err


@pytest.mark.parametrize("at", ["2026-01-01", "2030-01-01"])
def test_a_split_beside_the_data_is_said_with_their_time(at: str, export: Path) -> None:
    with pytest.raises(
        InputError, match=rf"one side of {at}, those of the input begin from 2026-03-02T.* to "
    ):
        sides.periods([export], None, Settings(), at)


def test_findings_of_both_sides_are_those_of_the_whole_and_lie_on_their_side(export: Path) -> None:
    settings = Settings.model_validate({"analysis": {"detectors": ["rage_click"]}})
    whole = {point.id: point for point in scan.analyze([export], settings=settings).points}
    found = sides.periods([export], None, settings, CUT)

    old, new = ({point.id: point for point in side.points} for side in (found.old, found.new))
    assert old.keys() == new.keys() == whole.keys()
    for name, point in whole.items():
        assert old[name].findings + new[name].findings == point.findings
        assert old[name].last_seen < CUT <= new[name].first_seen
