"""Answers, tickets, deals and customers of people whose sessions are known: all that can be joined is, nothing else."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from friction import scan
from friction.config import Settings
from friction.ingest import Ingested
from friction.reduce import Plan, Tables
from friction.summary.called import SessionNames
from friction.summary.people import with_people
from friction.voices.tables import ID
from tests.voices.world import World, made, written

ORDERS = list(permutations(("events", "nps", "tickets", "contacts", "deals")))[::17]


def analysed(paths: list[Path], settings: Settings | None = None) -> tuple[Ingested, Tables]:
    ingested = scan.ingested_for(paths, None, settings or Settings(), [], scan.quiet)
    return ingested, with_people(scan.reduced(ingested, Plan([]), scan.quiet), ingested)


def joined(ingested: Ingested, tables: Tables) -> dict[str, str | None]:
    """Record → the session it was joined to."""
    names = SessionNames.of(tables.sessions, ingested.events.names)
    found: dict[str, str | None] = {}
    for name in ("feedback", "tickets"):
        table = ingested.heard.sessions(name, ingested.events, tables.sessions)
        for record, session in table.select(ID[name], "session").iter_rows():
            found[record] = None if session is None else names[session]
    return found


@pytest.fixture(scope="module")
def world() -> World:
    return made()


@pytest.fixture(scope="module")
def files(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(world, tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_every_record_that_can_be_joined_is_and_none_wrongly(
    world: World, files: dict[str, Path], order: tuple[str, ...]
) -> None:
    found = joined(*analysed([files[name] for name in order]))

    assert found == world.truth


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_people_are_joined_as_well(tmp_path: Path, seed: int) -> None:
    world = made(people=40, seed=seed)

    assert joined(*analysed(list(written(world, tmp_path).values()))) == world.truth


def test_the_same_person_is_one_visitor_over_devices(world: World, files: dict[str, Path]) -> None:
    ingested, tables = analysed(list(files.values()))
    names = SessionNames.of(tables.sessions, ingested.events.names).every()
    by_number: dict[int, set[str]] = {}
    by_name: dict[str, set[int]] = {}
    for session, visitor in zip(names, tables.sessions["visitor"], strict=True):
        by_number.setdefault(visitor, set()).add(world.person_of[session])
        by_name.setdefault(world.person_of[session], set()).add(visitor)

    assert all(len(people) == 1 for people in by_number.values())
    assert all(len(numbers) == 1 for numbers in by_name.values())


def test_a_converted_table_joins_as_the_file_it_was_made_of(
    world: World, files: dict[str, Path], tmp_path: Path
) -> None:
    events = tmp_path / "events.parquet"
    scan.convert([files["events"]], None, Settings(), events)

    found = joined(*analysed([events, *(path for name, path in files.items() if name != "events")]))

    assert found == world.truth


def test_a_key_of_the_project_joins_the_same(world: World, files: dict[str, Path]) -> None:
    settings = Settings.model_validate({"privacy": {"key": "of the project"}})

    assert joined(*analysed(list(files.values()), settings)) == world.truth


def test_without_stitching_everybody_is_who_the_files_say(files: dict[str, Path]) -> None:
    settings = Settings.model_validate({"identity": {"stitch": False}})

    ingested, tables = analysed([files["events"]], settings)

    assert (
        tables.sessions["visitor"].n_unique() > analysed([files["events"]])[1].sessions["visitor"].n_unique()
    )
    assert ingested.heard.people.is_empty


def test_an_id_that_is_kept_apart_is_nobody_elses(files: dict[str, Path]) -> None:
    settings = Settings.model_validate({"identity": {"apart": ["user-4"]}})

    ingested, _ = analysed([files["events"]], settings)

    assert "user-4" not in set(ingested.heard.people.members["word"])
    assert set(ingested.heard.people.links.filter(b="user-4")["why_not"]) == {"apart"}


def test_a_record_that_says_who_somebody_is_keeps_nothing_of_it(files: dict[str, Path]) -> None:
    ingested, _ = analysed(list(files.values()))

    told = "\n".join(table.write_json() for _, table in ingested.heard.voices.items())

    assert not [word for word in ("@", "Ada", "4111", "+49", "dev-", "user-") if word in told]


def test_a_table_that_is_given_twice_counts_once(files: dict[str, Path]) -> None:
    once, _ = analysed([files["events"], files["tickets"]])
    twice, _ = analysed([files["tickets"], files["events"], files["tickets"]])

    assert once.heard.voices.tickets.height == twice.heard.voices.tickets.height
