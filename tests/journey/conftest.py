"""One analysis of the made-up shop, for all tests that read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from friction import scan
from friction.config import Settings
from friction.report import Report
from friction.summary.analysis import Analysis
from friction.summary.journey.ground import Ground, ground
from friction.summary.journey.trips import Trips, trips
from tests.journey.world import World, world


@dataclass(frozen=True)
class Seen:
    """The shop, its report, and the tables behind it."""

    world: World
    report: Report
    ground: Ground
    trips: Trips

    @property
    def names(self) -> list[str]:
        """Of the sessions, in the order of the trips."""
        sessions = self.ground.analysis.tables.sessions
        names = self.ground.analysis.ingested.events.names.gather(sessions["key"])
        return names.gather(self.trips.table["session_id"]).to_list()


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Read and analysed once."""
    made = world()
    path = tmp_path_factory.mktemp("world") / "events.parquet"
    made.events.write_parquet(path)
    return analysed(made, path)


def analysed(made: World, path: Path) -> Seen:
    """The shop as a report with its journey."""
    kept: list[Analysis] = []
    settings = Settings.model_validate(
        {
            "analysis": {"journey": True, "detectors": ["rage_click", "quick_back"]},
            "journey": {"segments": {"searchers": "page=/search"}},
        }
    )
    report = scan.analyze([path], None, settings, also=lambda analysis, _: kept.append(analysis))
    under = ground(kept[0])
    return Seen(made, report, under, trips(under))
