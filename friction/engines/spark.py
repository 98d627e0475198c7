"""Shards as partitions of a Spark DataFrame: for events that lie in a cluster, or that one machine cannot hold.

    from friction.engines import spark

    report = spark.analyze(session.table("web.events"), goal="event=purchase")

Works with any engine that speaks Spark's DataFrame API (`repartition`, `mapInArrow`): a cluster of one's own,
Databricks, EMR, Dataproc, Sail. `friction-analyser` must be installed on the workers.
As a command: `python -m friction.engines.spark EVENTS -o report.html`, or the same file through `spark-submit`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from friction.engines.partitions import Partitions
from friction.errors import FrictionError, MissingExtra
from friction.i18n import DEFAULT
from friction.isolate.process import freed

if TYPE_CHECKING:
    from friction.library.options import Columns, Config, Moment
    from friction.library.report import Report
    from friction.scan import Progress

SAMPLE = 10_000
"""Rows by which the columns of a plain table are understood."""


def analyze(
    events: Any,
    *,
    session: Any = None,
    shards: int | None = None,
    name: str = "events",
    goal: str | Sequence[str] = (),
    funnel: str | Sequence[str] = (),
    detectors: str | Sequence[str] = (),
    mapping: Columns | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    tz: str | None = None,
    config: Config | None = None,
    preset: str | None = None,
    lang: str = DEFAULT,
    progress: Progress | None = None,
) -> Report:
    """The report of a Spark DataFrame, or of the table or Parquet folder of that name: what `friction.analyze` finds
    in the same rows.

    The frame has the columns of the event table (`friction schema event`), or others that their names explain, as in
    any plain table. `shards`: how many pieces the events are cut into, each of which must fit a worker (250 B an
    event); null is four for every core. `progress` hears the stage, how much of it is done, and how many rows it has
    seen. The other words are those of `friction.analyze`.
    """
    from friction.engines import driver
    from friction.engines.columns import understood
    from friction.library.options import settings
    from friction.library.report import Report, spoken
    from friction.scan import quiet

    code = spoken(lang).code
    known = settings(config, mapping, tz, (since, until), detectors, goal, preset, funnel)
    frame = _frame(events, session)
    with _utc(frame.sparkSession) as utc, TemporaryDirectory(prefix="friction-") as folder:
        table = understood(_sample(frame, Path(folder), name), known, name)
        found = Partitions.of(frame, table, shards or _as_many(utc))
        try:
            return Report.from_json(
                driver.analyze(found, known, table.job, progress or quiet).to_json(), code
            )
        finally:
            found.free()


def _frame(events: Any, session: Any) -> Any:
    """A frame as it is; a name as the table of that name, or as a folder of Parquet where it looks like a path."""
    if not isinstance(events, (str, os.PathLike)):
        return events
    if session is None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise MissingExtra(
                "extra.missing",
                "Spark is asked through its own Python package",
                remedy="pip install 'friction-analyser[spark]'",
            ) from None
        session = SparkSession.builder.getOrCreate()
    name = os.fspath(events)
    return session.read.parquet(name) if "/" in name or name.endswith(".parquet") else session.table(name)


@contextmanager
def _utc(session: Any) -> Iterator[Any]:
    """Times cross over in the zone of the session, and are read as UTC."""
    before = session.conf.get(ZONE)
    session.conf.set(ZONE, "UTC")
    try:
        yield session
    finally:
        session.conf.set(ZONE, before)


ZONE = "spark.sql.session.timeZone"


def _as_many(session: Any) -> int:
    try:
        return 4 * int(session.sparkContext.defaultParallelism)
    except Exception:  # a client far from the cluster knows no cores, and says so in many ways
        return int(session.conf.get("spark.sql.shuffle.partitions", "200"))


def _sample(frame: Any, folder: Path, name: str) -> Path:
    """Some rows as a Parquet file here. Raises `InputError` where there are none."""
    path = folder / "sample.parquet"
    for content in Partitions(frame.limit(SAMPLE).coalesce(1)).each(Path.read_bytes):
        path.write_bytes(content)
    if not path.exists():
        from friction.engines.driver import no_rows

        raise no_rows(name)
    return path


def main(words: Sequence[str] | None = None) -> int:
    """`python -m friction.engines.spark EVENTS -o report.html`, or this file through `spark-submit`."""
    asked = _asked(words)
    # Before Polars is loaded, which reads it then.
    os.environ.update({name: os.environ.get(name, value) for name, value in freed().items()})
    session = _session(asked.master)
    try:
        options = {name: getattr(asked, name) for name in PASSED}
        report = analyze(asked.events, session=session, **options)
    except FrictionError as error:
        print(f"friction: {error}", file=sys.stderr)
        return error.exit_code
    finally:
        session.stop()
    for output in asked.output:
        report.save(output)
    print(f"{len(report.points)} friction points: {', '.join(asked.output)}")
    return 0


PASSED = ("shards", "name", "goal", "funnel", "detectors", "since", "until", "tz", "config", "preset", "lang")
"""Options of the command that `analyze` knows by the same name."""
TOLD = "The ranked report of the events in a cluster, as friction analyze finds it in the same rows."


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m friction.engines.spark", description=TOLD)
    parser.add_argument("events", help="a table of the catalogue, or a folder of Parquet")
    parser.add_argument(
        "-o", "--output", action="append", required=True, help="report.html, .json, .md …; repeatable"
    )
    parser.add_argument(
        "--master", help="where no spark-submit says it: spark://HOST:7077, local[4], sc://HOST:15002"
    )
    parser.add_argument("--shards", type=int, help="pieces the events are cut into (four for every core)")
    for name in ("goal", "funnel", "detectors"):
        parser.add_argument(
            f"--{name}", action="append", default=[], help="as in friction analyze; repeatable"
        )
    for name in ("since", "until", "tz", "config", "preset"):
        parser.add_argument(f"--{name}", help="as in friction analyze")
    parser.add_argument("--name", default="events", help="what the report calls the events")
    parser.add_argument("--lang", default=DEFAULT, help="language of the report")
    return parser.parse_args(words)


def _session(master: str | None) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("friction")
    if master and master.startswith("sc://"):
        return builder.remote(master).getOrCreate()
    return (builder.master(master) if master else builder).getOrCreate()


if __name__ == "__main__":
    sys.exit(main())
