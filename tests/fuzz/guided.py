"""Coverage-guided runs of what reads hostile bytes first, where `atheris` is installed; said aloud where it is not."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
TARGETS = ("dialect", "addresses", "texts", "archives")


def guided(seconds: int) -> bool:
    """Run every target for so long; whether one failed."""
    if seconds <= 0:
        return False
    if importlib.util.find_spec("atheris") is None:
        print("fuzz: atheris is not installed here, so the guided runs are LEFT OUT", file=sys.stderr)
        return False
    failed = [target for target in TARGETS if _failed(target, seconds)]
    return bool(failed)


def _failed(target: str, seconds: int) -> bool:
    """One target in a process of its own, for the fuzzer ends its process; its last lines when it found something."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.targets", target, f"-max_total_time={seconds}", "-seed=20261122",
             "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536", f"-artifact_prefix={folder}/"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        found = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    runs = [line for line in done.stderr.splitlines() if "DONE" in line or "stat::number_of_executed" in line]
    print(f"fuzz: {target}: exit {done.returncode}; {runs[-1].strip() if runs else 'no summary'}")
    if done.returncode:
        print("\n".join(done.stderr.splitlines()[-25:]), file=sys.stderr)
        print(f"input: {found[0]!r}"[:2_000] if found else "no input was kept", file=sys.stderr)
    return done.returncode != 0
