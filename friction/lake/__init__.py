"""The lake: masked events of a project, kept by day as Parquet, from which every later analysis runs.

    lake/PROJECT/DATASET/manifest.json            what belongs to the data set; its rename is the commit
                         day=2026-03-02/part-NN-G.parquet   events of sessions that started that day (UTC)
                         sessions-G.parquet       one row a session: where it lies, and whose it is
                         rejects-G.parquet, table-*-G.parquet   what else the delivery G brought
                         open-G.parquet           sessions that wait for the next delivery
                         lock                     held by whoever writes

NN comes from the visitor's key, G counts the commits: a file never changes once it has its name, so whoever reads
by a manifest reads what it was. The folder of a data set is an input like a file, of every command and plan.

    friction.lake            the door's side: names, what there is, plans for the child; loads without Polars
    friction.lake.manifest   the manifest
    friction.lake.write      a delivery into a data set, in the child
    friction.lake.read       a data set as what an analysis starts from, in the child
    friction.lake.erase      a visitor's events out of it, days that are too old out of it, in the child
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from friction.errors import UsageError
from friction.lake.manifest import Manifest, is_dataset
from friction.values import dataclass

__all__ = ["Lake", "Manifest", "deliver_plan", "erase_plan", "is_dataset", "trim_plan"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Lake:
    """All data sets below `root`."""

    root: Path

    def folder(self, project: str, dataset: str) -> Path:
        """Where a data set lies or will lie. Raises `UsageError` when a name is none."""
        for name in (project, dataset):
            if not _NAME.fullmatch(name):
                remedy = "use letters, digits, points, dashes and underscores"
                raise UsageError("lake.name", f'"{name}" cannot be the name of a data set', remedy=remedy)
        return self.root / project / dataset

    def datasets(self, project: str) -> dict[str, Manifest]:
        """Every data set of the project by name, as it is now: days, rows, sessions, bytes, sources."""
        found = {}
        if (place := self.root / project).is_dir():
            for folder in sorted(place.iterdir()):
                if (manifest := Manifest.of(folder)) is not None:
                    found[folder.name] = manifest
        return found

    def remove(self, project: str, dataset: str | None = None) -> None:
        """Remove a data set, or all of a project; nothing happens when it is not there."""
        place = self.root / project if dataset is None else self.folder(project, dataset)
        shutil.rmtree(place, ignore_errors=True)


def deliver_plan(
    dataset: Path,
    inputs: Sequence[str],
    names: Sequence[str],
    settings: Mapping[str, Any],
    *,
    keep_open: bool = False,
) -> dict[str, Any]:
    """A plan for the child: put these files into the data set; the answer says what came of it.

    What the data set has already (the same file, the same events) is not put in once more. With `keep_open`, sessions
    that were not over at the end of the delivery wait for the next one.
    """
    plan = {"command": "deliver", "inputs": list(inputs), "names": list(names), "settings": dict(settings)}
    return {**plan, "dataset": str(dataset.absolute()), "keep_open": keep_open, "output": "delivered.json"}


def erase_plan(dataset: Path, visitors: Sequence[str], settings: Mapping[str, Any]) -> dict[str, Any]:
    """A plan for the child: take every session of these visitors out of the data set.

    `visitors` are ids as exports have them, or as reports show them (`v_…`); `settings` hold the privacy key. The
    answer: `{"sessions", "rows", "days", "files"}`, how much of each went.
    """
    plan = {"command": "erase", "dataset": str(dataset.absolute()), "visitors": list(visitors)}
    return {**plan, "settings": dict(settings), "output": "erased.json"}


def trim_plan(dataset: Path, before: str) -> dict[str, Any]:
    """A plan for the child: take all days before the date `before` (ISO 8601) out of the data set.

    The answer: `{"sessions", "rows", "days", "files"}`, how much of each went.
    """
    return {"command": "trim", "dataset": str(dataset.absolute()), "before": before, "output": "trimmed.json"}
