"""What the operator does on the machine of the service, beside the server: projects and keys. It needs no key itself,
for whoever can write to the data folder and the database can do everything anyway; each deed is in the audit trail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from friction.errors import UsageError
from friction.files import committed

from .clock import now
from .export import zipped
from .folder import DataFolder
from .store import Store, audit, keys, logins, projects
from .store.migrate import upgrade
from .store.projects import Project

ACTOR = "command line"


@contextmanager
def opened(data_dir: Path, database: str | None) -> Iterator[tuple[DataFolder, Store]]:
    """The folder and the store of a service, whether it runs or not."""
    folder = DataFolder.prepared(data_dir)
    store = Store.open(database or folder.store_url)
    try:
        upgrade(store)
        projects.local(store)
        yield folder, store
    finally:
        store.close()


def project_named(store: Store, name: str) -> Project:
    """The project; raises `UsageError` when there is none."""
    with store.read() as scope:
        found = projects.named(scope, name)
        known = ", ".join(each.name for each in projects.several(scope))
    if found is None:
        detail = f"there is no project {name}"
        raise UsageError("usage.unknown_name", detail, remedy=f"known are: {known}")
    return found


def make_key(
    data_dir: Path,
    database: str | None,
    name: str,
    may: str,
    project: str,
    expires: dt.datetime | None,
    person: str | None,
) -> tuple[dict[str, Any], str | None]:
    """A new key, and its secret, which is kept nowhere."""
    if expires is not None and expires <= now():
        raise UsageError("usage.expired", "the key would have expired already", remedy="give a time to come")
    with opened(data_dir, database) as (_, store):
        home = project_named(store, project)
        with store.write(home.id) as scope:
            key, secret = keys.make(scope, name, may, expires, person)
            audit.note(scope, ACTOR, "keys create", key.id)
    return _shown(asdict(key), home.name), secret


def list_keys(data_dir: Path, database: str | None) -> list[dict[str, Any]]:
    """All keys of all projects, by project, the newest first."""
    with opened(data_dir, database) as (_, store), store.read() as scope:
        names = {each.id: each.name for each in projects.several(scope)}
        found = [_shown(asdict(key), names[key.project_id]) for key in keys.several(scope)]
    return sorted(found, key=lambda key: str(key["project"]))


def revoke_key(data_dir: Path, database: str | None, key_id: str) -> None:
    """Revoke a key of whatever project; raises `UsageError` when there is none."""
    with opened(data_dir, database) as (_, store):
        with store.read() as scope:
            found = keys.get(scope, key_id)
        if found is None:
            detail = f"there is no key {key_id}"
            raise UsageError("usage.unknown_name", detail, remedy="friction keys list names them")
        with store.write(found.project_id) as scope:
            keys.revoke(scope, key_id)
            logins.end_all(scope, key_id)
            audit.note(scope, ACTOR, "keys revoke", key_id)


def make_project(data_dir: Path, database: str | None, name: str) -> dict[str, Any]:
    """A new project; raises `UsageError` when there is one of this name."""
    with opened(data_dir, database) as (_, store):
        with store.write() as scope:
            made = projects.make(scope, name)
        if made is None:
            detail = f"there is a project {name} already"
            raise UsageError("usage.name_taken", detail, remedy="choose another name")
        with store.write(made.id) as scope:
            audit.note(scope, ACTOR, "projects create", made.id)
        return asdict(made)


def list_projects(data_dir: Path, database: str | None) -> list[dict[str, Any]]:
    """All projects by name."""
    with opened(data_dir, database) as (_, store), store.read() as scope:
        return [asdict(each) for each in projects.several(scope)]


def _shown(key: dict[str, Any], project: str) -> dict[str, Any]:
    state = (
        "revoked" if key["revoked"] else "expired" if key["expires"] and key["expires"] <= now() else "valid"
    )
    kept = ("id", "name", "scope", "person", "created", "expires", "used")
    return {"project": project, **{name: key[name] for name in kept}, "state": state}


def export_project(data_dir: Path, database: str | None, name: str, place: Path) -> int:
    """Everything the project holds, as a ZIP at `place`; how many bytes."""
    with opened(data_dir, database) as (folder, store):
        home = project_named(store, name)
        with committed(place) as waiting, waiting.open("wb") as out:
            for piece in zipped(store, folder, home.id):
                out.write(piece)
        with store.write(home.id) as scope:
            audit.note(scope, ACTOR, "projects export", home.id)
        return place.stat().st_size
