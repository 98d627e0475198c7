"""The files that are measured: made once by the generator at hand and kept under `build/bench`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bench"
KIT = ROOT.parent / "shared" / "bench" / "gen_clickstream.py"
OWN = Path(__file__).with_name("clickstream.py")
OPTIONS = {"parquet": "--out", "csv": "--csv", "jsonl": "--jsonl"}
"""Format → the option of a generator that asks for it; Parquet is always made."""


def generator() -> Path:
    """The script that makes the events: the one of FRICTION_BENCH_GENERATOR, else the kit's, else our own."""
    if chosen := os.environ.get("FRICTION_BENCH_GENERATOR"):
        return Path(chosen)
    return KIT if KIT.is_file() else OWN


def files(events: int, formats: Iterable[str], script: Path, folder: Path = FOLDER) -> dict[str, Path]:
    """The data set in each format by name of the format; what is missing is made, whole or not at all."""
    wanted = {form: folder / f"{script.stem}-{events}.{form}" for form in formats}
    missing = {form: path for form, path in wanted.items() if not path.is_file()}
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        _make(events, missing, script, folder)
    return wanted


def _make(events: int, missing: dict[str, Path], script: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        made = {form: Path(name) / f"events.{form}" for form in {"parquet", *missing}}
        asked = [word for form, path in sorted(made.items()) for word in (OPTIONS[form], str(path))]
        subprocess.run(
            [sys.executable, script, "--events", str(events), *asked], check=True, stdout=sys.stderr
        )
        for form, path in missing.items():
            made[form].replace(path)
