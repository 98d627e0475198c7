"""The segment that explains a rise of exits: named when one rose alone, and not when all did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from friction.report import Point
from tests.exports import analysed
from tests.series.simulated import FIRST, HOURS

START, LENGTH = 700, 96
BROWSERS, DEVICES = ("Chrome", "Safari", "Firefox"), ("phone", "desktop")


def visits(rates: dict[str, float], seed: int) -> pl.DataFrame:
    """Sessions on `/pay` that leave with 20 %, or in the window with the rate of their browser."""
    random = np.random.default_rng(seed)
    views = 10 * HOURS
    hour = np.sort(random.integers(0, HOURS, views))
    browser = random.choice(len(BROWSERS), views, p=(0.5, 0.3, 0.2))
    device = (random.random(views) < np.where(browser == 1, 0.2, 0.6)).astype(int)
    inside = (hour >= START) & (hour < START + LENGTH)
    rate = np.where(inside, np.array([rates.get(name, 0.2) for name in BROWSERS])[browser], 0.2)
    stays = random.random(views) >= rate
    opened = (FIRST + hour) * 3_600_000 + random.integers(0, 3_000_000, views)
    first = pl.DataFrame(
        {
            "session_id": pl.Series(np.arange(views)).cast(pl.String()),
            "ts": opened,
            "event": "page_view",
            "url": "/pay",
            "browser": np.array(BROWSERS)[browser],
            "device": np.array(DEVICES)[device],
        }
    )
    return pl.concat(
        [first, first.filter(stays).with_columns(ts=pl.col("ts") + 9_000, url=pl.lit("/thanks"))]
    )


def spike(path: Path, rates: dict[str, float], seed: int = 5) -> Point:
    visits(rates, seed).write_parquet(path)
    report = analysed(path, analysis={"detectors": ["dropoff_spike"]})
    (found,) = (point for point in report.points if point.page == "/pay")
    return found


def test_a_rise_in_one_browser_names_it_first(tmp_path: Path) -> None:
    found = spike(tmp_path / "a.parquet", {"Safari": 0.6})

    assert found.segments
    first = found.segments[0]
    assert (first.dimension, first.value) == ("browser", "Safari")
    assert first.lift == pytest.approx(3.0, rel=0.25)


def test_a_rise_among_all_names_nobody(tmp_path: Path) -> None:
    found = spike(tmp_path / "a.parquet", dict.fromkeys(BROWSERS, 0.4))

    assert found.segments == []
