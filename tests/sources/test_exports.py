"""Every look-alike export tells exactly what happened in the visits it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from friction.limits import DEFAULT
from friction.schema import EVENT, conform
from friction.sources import recognise
from friction.sources.base import Options
from friction.tables.inputs import plain_files
from friction.testing.exports import EXPORTS, VISITS, Export, made
from friction.testing.exports.visits import Step, steps
from tests.sources.reading import distinct
from tests.sources.test_laws import COUNTING

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"
FILES = [(name, file) for name in EXPORTS for file in made(name)]
EVENTS = [(name, file) for name, file in FILES if not COUNTING & {name, f"{name}/{file}"}]
TOLD = [(name, file) for name, file in FILES if EXPORTS[name].told]


def read(path: Path) -> pl.DataFrame:
    """All events of a file or of what an archive holds."""
    found = []
    for file in plain_files([path], [path.name], DEFAULT).files:
        source, _, looked = recognise(file.path, file.name)
        found.append(distinct(source.read(looked, Options())))
    return pl.concat(found)


def happened(export: Export) -> Iterator[tuple[str, str, str]]:
    for step in steps(VISITS):
        if (kind := export.told.get(step.what)) is not None:
            at = step.at if export.clock == "ms" else step.at.replace(microsecond=0)
            yield (at.isoformat(), kind, _page(step, export.page))


def _page(step: Step, told: str) -> str:
    return {"url": step.url, "path": step.path}.get(told, "")


@pytest.mark.parametrize(("name", "file"), TOLD, ids=[f"{name}/{file}" for name, file in TOLD])
def test_what_is_read_is_what_happened(name: str, file: str) -> None:
    export = EXPORTS[name]

    rows = read(FIXTURES / name / file).select("ts", "kind", "url").rows()

    told = [(at.isoformat(), kind, page or "") for at, kind, page in rows]
    assert sorted(told) == sorted(happened(export))


@pytest.mark.parametrize(("name", "file"), FILES, ids=[f"{name}/{file}" for name, file in FILES])
def test_the_fixtures_are_what_the_generator_writes(name: str, file: str) -> None:
    content = made(name)[file]

    if file.endswith(".parquet"):
        assert_frame_equal(pl.read_parquet(content), pl.read_parquet(FIXTURES / name / file))
    else:
        assert content == (FIXTURES / name / file).read_bytes()


@pytest.mark.parametrize(("name", "file"), FILES, ids=[f"{name}/{file}" for name, file in FILES])
def test_streaming_equals_reading_in_memory(name: str, file: str) -> None:
    for one in plain_files([FIXTURES / name / file], [file], DEFAULT).files:
        source, _, looked = recognise(one.path, one.name)
        lazy = conform(source.read(looked, Options()).events)
        assert_frame_equal(lazy.collect(engine="streaming"), lazy.collect(engine="in-memory"))


@pytest.mark.parametrize("name", [name for name in EXPORTS if EXPORTS[name].told])
def test_sessions_and_visitors_are_those_of_the_visits(name: str) -> None:
    for file in made(name):
        frame = read(FIXTURES / name / file)
        told = [step for step in steps(VISITS) if step.what in EXPORTS[name].told]
        assert frame["visitor_id"].n_unique() == len({step.visitor for step in told})
        if frame["session_id"].null_count() < frame.height:
            assert frame["session_id"].n_unique() == len({step.visit for step in told})
        assert frame.columns == list(EVENT)


def test_nothing_that_was_typed_and_no_address_remains() -> None:
    for name, file in EVENTS:
        frame = read(FIXTURES / name / file).drop("url", "referrer")
        texts = frame.select(pl.col(pl.String)).unpivot()["value"].drop_nulls()
        assert not texts.str.contains("ann@example.org", literal=True).any(), (name, file)
