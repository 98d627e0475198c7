"""A real standalone cluster on this machine's loopback: one master and workers of one core, each a process of ours."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = "127.0.0.1"
MEMORY = "2g"
STARTING_S = 60
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"


@dataclass
class Cluster:
    """Master and workers; the processes are ended by their own groups and no other."""

    folder: Path
    """For logs and what workers keep."""
    environment: dict[str, str]
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    url: str = ""

    def start(self, workers: int) -> None:
        """Start all, and wait until the workers are known."""
        self._run("master", MASTER, ["--host", HERE, "--port", "0", "--webui-port", "0"])
        self.url = self._said("master", r"Starting Spark master at (spark://\S+)")
        for number in range(workers):
            name = f"worker-{number}"
            place = ["--work-dir", str(self.folder / name), "--host", HERE, "--webui-port", "0"]
            self._run(name, WORKER, ["--cores", "1", "--memory", MEMORY, *place, self.url])
            self._said(name, r"(Successfully registered with master)")

    def kill(self, name: str) -> None:
        """End one of them at once, with all that it has started."""
        process = self.started.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all that is left."""
        for name in [*self.started]:
            self.kill(name)

    def _run(self, name: str, which: str, words: Sequence[str]) -> None:
        launcher = Path(self.environment["SPARK_HOME"]) / "bin/spark-class"
        with (self.folder / f"{name}.log").open("wb") as log:
            self.started[name] = subprocess.Popen(
                [launcher, which, *words],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _said(self, name: str, pattern: str) -> str:
        path, until = self.folder / f"{name}.log", time.monotonic() + STARTING_S
        while time.monotonic() < until and self.started[name].poll() is None:
            if found := re.search(pattern, path.read_text(encoding="utf-8", errors="replace")):
                return found[1]
            time.sleep(0.1)
        raise RuntimeError(f"{name} does not start: {path.read_text(errors='replace')[-2000:]}")


@contextmanager
def cluster(folder: Path, environment: dict[str, str], workers: int) -> Iterator[Cluster]:
    """A cluster that is gone afterwards."""
    found = Cluster(folder, environment)
    try:
        found.start(workers)
        yield found
    finally:
        found.stop()
