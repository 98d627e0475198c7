"""The door's side: starts the process that fetches, and hears what it brought."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction import isolate
from friction.isolate.process import Progress
from friction.isolate.watch import Stop
from friction.places.address import Place
from friction.places.kinds import Lake
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config import Settings

KEPT = (
    "AWS_", "AZURE_", "GOOGLE_", "PG", "SNOWFLAKE_", "BIGQUERY_", "SSL_CERT_",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip
"""Families of variables that the process that fetches gets, and no other."""


@dataclass(frozen=True)
class Item:
    """Something at a place: an object, a whole table of a lake, or a query."""

    name: str
    size: int | None
    """Bytes; null where nobody can say."""
    mark: str | None
    """Changes when the content does; null for a query."""


@dataclass(frozen=True)
class Fetched:
    """An item that was brought here."""

    name: str
    path: str
    size: int
    mark: str | None
    lake: Lake | None = None
    """The path is the folder of such a table, to be `flattened` before it is read."""
    watermark: str | None = None
    """Of a query: what to give as `since` the next time; null: nothing grows, or no row is new."""
    rows: int | None = None


def listed(place: Place, settings: Settings, stop: Stop | None = None) -> list[Item]:
    """What is at the place now, by name. Must be called inside `isolate.workspace()`; raises as `fetched`."""
    answer = _asked("list", place, settings, "listed.json", None, stop)
    return [Item(**each) for each in json.loads(answer)]


def fetched(
    place: Place,
    into: Path,
    settings: Settings,
    *,
    only: Collection[str] | None = None,
    since: str | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> list[Fetched]:
    """Bring everything at the place, or the items of these names, into the folder `into`, which must exist.

    `since`: the `watermark` of the last time; only rows beyond it come. Must be called inside `isolate.workspace()`.
    Raises `UsageError` for what the address says wrongly, `InputError` for what is not there, not allowed or not
    reachable, `LimitError` for too much of it, `MissingExtra`.
    """
    asked = {"into": str(into.absolute()), "only": None if only is None else sorted(only), "since": since}
    answer = _asked("fetch", place, settings, "fetched.json", progress, stop, **asked)
    return [Fetched(**each) for each in json.loads(answer)]


def flattened(
    root: Path, lake: Lake, into: Path, name: str, settings: Settings, progress: Progress | None = None
) -> Path:
    """The rows of the table of a lake in folder `root` as one file `into`; read without network, as all data."""
    plan = {
        "command": "flatten",
        "root": str(root.absolute()),
        "lake": lake,
        "name": name,
        "table": str(into),
        "settings": settings.model_dump(mode="json"),
        "output": "flattened.json",
    }
    isolate.run(plan, progress=progress)
    return into


def _seen_from_here(place: Place) -> Place:
    """With whole paths, for the process that fetches has a folder of its own."""
    at, credentials = place.at, place.credentials
    if place.kind == "sqlite" and (path := at.removeprefix("sqlite:///")) and not path.startswith("/"):
        at = f"sqlite:///{Path(path).absolute()}"
    return replace(place, at=at, credentials=credentials and str(Path(credentials).absolute()))


def _asked(
    command: str,
    place: Place,
    settings: Settings,
    output: str,
    progress: Progress | None,
    stop: Stop | None,
    **more: Any,
) -> bytes:
    plan = {
        "command": command,
        "place": asdict(_seen_from_here(place)),
        "settings": settings.model_dump(mode="json", include={"limits"}),
        "output": output,
        "network": place.is_remote,
        "keeps": KEPT if place.is_remote else (),
        **more,
    }
    return isolate.run(plan, progress=progress, stop=stop, command=isolate.FETCHER).read_bytes()
