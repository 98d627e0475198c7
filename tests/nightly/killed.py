"""A scan that is killed at any instant and started again ends in the state of one that was left alone.

python -m tests.nightly.killed --instants 20      prints what was tried; part of `make e2e-long`
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from friction.nightly.days import moved
from tests.nightly.shop import Shop, Trouble, always
from tests.nightly.sixty import prepared

ROOT = Path(__file__).parents[2]
FIRST_NIGHT, NIGHT = "2026-01-12", "2026-01-13"


def project(folder: Path) -> Path:
    """A project with a first night behind it and something new in the next; its configuration."""
    broken = Trouble("/pay", always("button#pay"), "Pay now", lambda day: 0.7 if day >= NIGHT else 0.0, 0.1)
    made = Shop((broken, Trouble("/cart", always("a.x"), "X", lambda _: 0.1, 0.1)), sessions_a_day=160)
    config = prepared(folder, made, FIRST_NIGHT, window=12)
    scan(config, FIRST_NIGHT)
    made.write(NIGHT, folder / "exports")
    return config


def command(config: Path, night: str) -> list[str]:
    """The scan at four o'clock after a night."""
    words = ["--config", str(config), "--now", f"{moved(night, 1)}T04:00", "--quiet"]
    return [sys.executable, "-P", "-m", "friction", "scan", *words]


def environment() -> dict[str, str]:
    """With this checkout in the place of whatever is installed."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def scan(config: Path, night: str) -> float:
    """Left alone; how many seconds it took."""
    began = time.monotonic()
    subprocess.run(command(config, night), check=True, env=environment(), stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def killed(config: Path, night: str, after_s: float) -> bool:
    """Killed with all its processes so many seconds after its start; false when it had ended by then."""
    run = subprocess.Popen(
        command(config, night), env=environment(), stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        run.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return True
    return False


def remembered(config: Path) -> Any:
    """The state without how long the scan took, and what was told."""
    written = (config.parent / ".friction" / "state.json").read_text(encoding="utf-8")
    state = json.loads(written.replace(str(config.parent), "/here"))["state"]
    for name in ("seconds", "objects", "rows"):  # what a second start still had to read
        state["health"].pop(name)
    digest = config.parent / "digest.md"
    return state, digest.read_text(encoding="utf-8") if digest.exists() else None


def apart(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Paths at which two JSON values differ."""
    if type(one) is not type(other) or not isinstance(one, (dict, list, tuple)):
        if one != other:
            yield path
    elif isinstance(one, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from apart(one.get(key), other.get(key), f"{path}/{key}")
    elif len(one) != len(other):
        yield path
    else:
        for at, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from apart(mine, theirs, f"{path}/{at}")


def differing(instants: int, seed: int) -> list[float]:
    """Instants after which the state was another one. Every one of so many scans was really hit before its end; those
    that had ended by then are held against the others as well, and drawn anew.
    """
    random.seed(seed)
    with tempfile.TemporaryDirectory(prefix="friction-killed-") as name:
        config = project(Path(name) / "shop")
        alone = copied(config, Path(name) / "alone")
        took = scan(alone, NIGHT)
        expected, wrong, hits, number = remembered(alone), [], 0, 0
        while hits < instants:
            again, number = copied(config, Path(name) / f"again-{number}"), number + 1
            instant = random.uniform(0.05, took)
            hit = killed(again, NIGHT, instant)
            hits, took = hits + hit, took if hit else min(took, instant)
            scan(again, NIGHT)
            if paths := list(apart(expected, remembered(again))):
                wrong.append(instant)
                print("different:", *paths[:5])
            print(
                f"killed after {instant:.2f} s of {took:.2f} s: {'hit' if hit else 'had ended'}", flush=True
            )
            shutil.rmtree(again.parent)
        return wrong


def copied(config: Path, folder: Path) -> Path:
    """The same project in another folder; files keep their times, by which they are known."""
    shutil.copytree(config.parent, folder)
    state = folder / ".friction" / "state.json"
    content = state.read_text(encoding="utf-8").replace(str(config.parent), str(folder))
    state.write_text(content, encoding="utf-8")
    return folder / config.name


def main() -> int:
    """1 when a killed scan ended otherwise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--instants", type=int, default=20)
    wrong = differing(parser.parse_args().instants, seed=1)
    print("every one ended in the same state" if not wrong else f"DIFFERENT after {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
