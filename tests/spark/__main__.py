"""`make spark`: the same report from one machine, from a real cluster of two workers, and with one of them killed.

    python -m tests.spark [--events N]

Made-up click stream (`tests.bench.clickstream`); prints what each run took and whether the bytes are the same. Ends
with 1 when they differ.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from typing import Any

import polars as pl

import friction
from friction.compare import exact
from friction.engines import spark
from tests.bench.clickstream import clickstream
from tests.spark.cluster import HERE, Cluster, cluster

EVENTS, SHARDS, OTHERS = 400_000, 8, 5
KILLED_AFTER_S = 4.0
"""Seconds after the survey: while tables are made."""


def environment() -> dict[str, str]:
    """What all processes of the cluster are started with: this Python, this checkout."""
    import pyspark

    here = str(Path(__file__).parents[2])
    return {
        **os.environ,
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_LOCAL_IP": HERE,
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]),
        "POLARS_MAX_THREADS": "1",
    }


@contextmanager
def session(url: str, folder: Path) -> Iterator[Any]:
    """A session of the cluster at `url`."""
    from pyspark.sql import SparkSession

    said = {
        "spark.driver.bindAddress": HERE,
        "spark.driver.host": HERE,
        "spark.executor.memory": "1g",
        "spark.local.dir": str(folder / "shuffled"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    builder = SparkSession.builder.master(url).appName("friction")
    for name, value in said.items():
        builder = builder.config(name, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    try:
        yield found
    finally:
        found.stop()


def killer(cluster: Cluster, name: str) -> Callable[[str, float, int], None]:
    """Kills a worker some seconds after the survey."""

    def hears(stage: str, _share: float, _rows: int) -> None:
        if stage == "sorting":
            timer = Timer(KILLED_AFTER_S, cluster.kill, [name])
            timer.daemon = True
            timer.start()

    return hears


def main() -> int:
    """All runs."""
    parser = argparse.ArgumentParser(prog="python -m tests.spark")
    parser.add_argument("--events", type=int, default=EVENTS)
    asked = parser.parse_args()
    os.environ.update(environment())
    with TemporaryDirectory(prefix="friction-spark-") as place:
        folder = Path(place)
        path = folder / "events.parquet"
        pl.concat(clickstream(asked.events)).write_parquet(path)
        wanted = timed("one machine", lambda: friction.analyze(path))
        found = {}
        with cluster(folder, environment(), workers=2) as running, session(running.url, folder) as known:
            found["two workers"] = timed(
                "two workers", lambda: spark.analyze(path, session=known, shards=SHARDS)
            )
            found["other shards"] = timed(
                "other shards", lambda: spark.analyze(path, session=known, shards=OTHERS)
            )
            kill = killer(running, "worker-1")
            found["one killed"] = timed(
                "one killed", lambda: spark.analyze(path, session=known, shards=SHARDS, progress=kill)
            )
            assert "worker-1" not in running.started, "the run was over before the worker was killed"
        differing = {name: exact(wanted, report) for name, report in found.items()}
    for name, places in differing.items():
        print(f"{name:>14}: {'the same bytes' if not places else f'DIFFERS in {places[:5]}'}")
    return int(any(differing.values()))


def timed(name: str, analyze: Callable[[], Any]) -> bytes:
    """The report as a file has it; says how long it took."""
    start = time.perf_counter()
    report: bytes = analyze().to_json().encode()
    print(f"{name:>14}: {time.perf_counter() - start:6.1f} s", flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main())
