"""Whether this machine has what friction needs: one line a check, each with its facts.

`bad`: friction will not work. `remark`: something is not there that only some commands need. Which packages it needs,
and which only an extra needs, is asked of the installation itself.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Literal

from friction import __version__
from friction.errors import FrictionError
from friction.values import dataclass

PYTHON = (3, 11)
LITTLE_MEMORY, LITTLE_SPACE = 10**9, 10**9
LATE_SCAN_H = 26
"""Since the last scan that went well; more than that, a night was missed."""
OWN = "friction-analyser"
REQUIREMENT = re.compile(r"(?P<package>[\w.-]+)[^;]*(; extra == ['\"](?P<extra>\w+)['\"])?")
"""`polars>=2.1`, `fastexcel>=0.21; extra == 'excel'`; what only some versions of Python need fits not."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    verdict: Literal["good", "remark", "bad"]
    detail: str


def examine(ask_child: Callable[[], bytes]) -> list[Check]:
    """All checks; `ask_child` answers the plan `environment` or raises what is wrong with that process."""
    machine = [_python(), _packages(), _engine(ask_child), _processor(), _memory(), _temporary()]
    return [*machine, *_nights(), _extras()]


def _nights() -> list[Check]:
    """How the nightly scans of the project in this folder go; nothing where none is set up."""
    import datetime as dt

    from friction.config import load
    from friction.nightly.desk import Desk

    try:
        settings = load()
        if not settings.sources:
            return []
        state = Desk(Path(settings.schedule.folder)).load()
    except FrictionError as error:
        return [Check("scan", "bad", error.problem.detail)]
    health = state.health
    if health.last_success is None:
        return [Check("scan", "remark", "no scan went well yet: friction scan --check says what it would do")]
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(health.last_success)
    waiting = sum(letter.sent is None for letter in state.letters)
    said = f"last night {state.book.last}, went well {health.last_success}, {health.seconds:g} s, "
    said += f"rows: {health.rows:,}, late events: {health.late_events:,}"
    said += f"; {health.failures} failed since ({health.problem})" if health.failures else ""
    said += f"; messages that wait: {waiting}" if waiting else ""
    good = age <= dt.timedelta(hours=LATE_SCAN_H) and not health.failures and not waiting
    return [Check("scan", "good" if good else "remark", said)]


def _python() -> Check:
    version = platform.python_version()
    good = sys.version_info >= PYTHON
    detail = f"{version}, friction {__version__}" + ("" if good else ", needs 3.11 or later")
    return Check("python", "good" if good else "bad", detail)


def _packages() -> Check:
    versions = {name: _version(name) for name in (OWN, *_required()[None])}
    if missing := _missing(versions):
        return Check("packages", "bad", f"missing: {', '.join(missing)}; pip install {OWN}")
    del versions[OWN]
    return Check("packages", "good", ", ".join(f"{name} {version}" for name, version in versions.items()))


def _required() -> dict[str | None, list[str]]:
    """Packages by the extra that needs them; null: friction itself."""
    needs: dict[str | None, list[str]] = {None: []}
    with suppress(metadata.PackageNotFoundError):
        for line in metadata.requires(OWN) or ():
            if found := REQUIREMENT.fullmatch(line):
                needs.setdefault(found["extra"], []).append(found["package"])
    return needs


def _missing(versions: Mapping[str, str | None]) -> list[str]:
    return [name for name, version in versions.items() if version is None]


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _engine(ask_child: Callable[[], bytes]) -> Check:
    """The process that reads data starts, and its engine computes."""
    try:
        answer = json.loads(ask_child())
    except FrictionError as error:
        return Check("engine", "bad", error.problem.detail)
    detail = f"polars {answer['version']} with {answer['threads']} threads, in a process of its own"
    return Check("engine", "good" if answer["works"] else "bad", detail)


def _processor() -> Check:
    return Check("processor", "good", f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}")


def _memory() -> Check:
    free = _free_memory()
    if free is None:
        return Check("memory", "remark", "this system does not say how much is free")
    return Check("memory", "remark" if free < LITTLE_MEMORY else "good", f"{free / 1e9:.1f} GB free")


def _free_memory() -> int | None:
    """Bytes that a new process could take; null where the system does not say."""
    facts = Path("/proc/meminfo")
    if not facts.exists():
        return None
    lines = dict(line.split(":", maxsplit=1) for line in facts.read_text().splitlines())
    return int(lines["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in lines else None


def _temporary() -> Check:
    folder = tempfile.gettempdir()
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except OSError as error:
        return Check("temporary files", "bad", f"{folder} cannot be written ({error.strerror})")
    free = shutil.disk_usage(folder).free
    return Check(
        "temporary files", "remark" if free < LITTLE_SPACE else "good", f"{folder}, {free / 1e9:.1f} GB free"
    )


def _extras() -> Check:
    """Which extras are installed; `friction …` says which one it needs where one is missing."""
    needs = {extra: packages for extra, packages in sorted(_required().items(), key=str) if extra}
    missing = [
        extra for extra, packages in needs.items() if _missing({each: _version(each) for each in packages})
    ]
    there = [extra for extra in needs if extra not in missing]
    said = [f"installed: {', '.join(there)}"] if there else []
    said += [f"missing: {', '.join(missing)}; pip install '{OWN}[NAME]'"] if missing else []
    return Check("extras", "remark" if missing else "good", "; ".join(said))
