"""`friction keys` and `friction projects`: who may come in to a service, managed on its machine."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from friction.cli import options as opt
from friction.cli.commands import below
from friction.cli.service import Database, DataDir, data_folder, part
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.errors import EXIT_DONE, UsageError

KEYS = """\b
friction keys create ada --scope operator
friction keys list

Who may come in to a service, with which rights and until when. Run it on the machine of the service.
"""
PROJECTS = """\b
friction projects create shop
friction projects list

What belongs together and is seen by the same people. Run it on the machine of the service.
"""
CREATE = """\b
friction keys create ada --scope operator
friction keys create nightly --scope write --expires 90d --project shop
friction keys create ada --person ada@example.com --scope admin

Make a key and print its secret, which cannot be printed again. With --person there is none: whoever the login
provider knows by this address comes in.
"""
LIST = """\b
friction keys list
friction keys list --format json

All keys with their project, scope, end and last use.
"""
REVOKE = """\b
friction keys revoke key_0a1b2c…

Revoke a key: it opens nothing from now on.
"""
NEW_PROJECT = """\b
friction projects create shop

Make a project: its uploads, reports and keys are seen by nobody else.
"""
PROJECT_LIST = """\b
friction projects list

All projects.
"""
KEPT_WHOLE = ("id", "scope", "state")
"""Columns that are there to be copied and searched."""
Label = Annotated[str, typer.Argument(metavar="NAME", help="Who or what it is for.")]
KeyId = Annotated[str, typer.Argument(metavar="KEY", help="Its id from the list, like key_0a1b….")]
Scope = Annotated[
    Literal["read", "write", "admin", "operator"],
    typer.Option(
        "--scope",
        help="read: look; write: also upload and analyse; admin: also keys, erasure, export; operator: also projects.",
    ),
]
Expires = Annotated[
    str | None, typer.Option("--expires", metavar="WHEN", help="A date, or a time from now like 90d or 12h.")
]
Project = Annotated[str, typer.Option("--project", metavar="NAME", help="The project it opens.")]
Person = Annotated[
    str | None,
    typer.Option("--person", metavar="ADDRESS", help="For whom the login provider knows by this address."),
]
EXPORT = """\b
friction projects export shop -o shop.zip

Write everything the project holds into a ZIP: reports, masked events, tables; no secrets.
"""
Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The ZIP to write.")]
ProjectName = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, dots, dashes.")]


def create(
    name: Label,
    scope: Scope = "read",
    expires: Expires = None,
    project: Project = "local",
    person: Person = None,
    data_dir: DataDir = None,
    database: Database = None,
    form: opt.Form = "table",
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Make a key; its secret is what is printed."""
    place = (data_folder(data_dir), database)
    key, secret = part("operator").make_key(*place, name, scope, project, _moment(expires), person)
    if form == "json":
        _print_json({**key, "secret": secret})
        return EXIT_DONE
    if secret is not None:
        say(f"{secret}\n")
    said = speaking().text(
        "friction: {key} opens {project} ({scope})", key=key["id"], project=project, scope=scope
    )
    Voice(quiet, verbose).remark(said)
    return EXIT_DONE


def listed(data_dir: DataDir = None, database: Database = None, form: opt.Form = "table") -> int:
    """Print all keys."""
    found = part("operator").list_keys(data_folder(data_dir), database)
    if form == "table":
        found = [{**key, "name": key["person"] or key["name"]} for key in found]
    _print(found, ("project", "id", "name", "scope", "expires", "used", "state"), form)
    return EXIT_DONE


def revoke(key: KeyId, data_dir: DataDir = None, database: Database = None) -> int:
    """Revoke a key."""
    part("operator").revoke_key(data_folder(data_dir), database, key)
    return EXIT_DONE


def create_project(
    name: ProjectName, data_dir: DataDir = None, database: Database = None, form: opt.Form = "table"
) -> int:
    """Make a project and print its id."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name):
        remedy = "use letters, digits, dots and dashes"
        raise UsageError("usage.project_name", f"{name} cannot be the name of a project", remedy=remedy)
    made = part("operator").make_project(data_folder(data_dir), database, name)
    _print_json(made) if form == "json" else say(f"{made['id']}\n")
    return EXIT_DONE


def listed_projects(data_dir: DataDir = None, database: Database = None, form: opt.Form = "table") -> int:
    """Print all projects."""
    _print(part("operator").list_projects(data_folder(data_dir), database), ("name", "id", "created"), form)
    return EXIT_DONE


def export_project(
    name: ProjectName,
    output: Output,
    data_dir: DataDir = None,
    database: Database = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Write the ZIP."""
    size = part("operator").export_project(data_folder(data_dir), database, name, output)
    said = speaking().text("friction: {file} written ({n} bytes)", file=str(output), n=f"{size:,}")
    Voice(quiet, verbose).remark(said)
    return EXIT_DONE


def _moment(text: str | None) -> dt.datetime | None:
    """When it ends: a date or time (UTC unless it says otherwise), or so many days or hours from now."""
    if text is None:
        return None
    if span := re.fullmatch(r"(\d{1,5})([dh])", text):
        hours = int(span[1]) * (24 if span[2] == "d" else 1)
        return dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        remedy = "write it like 2027-01-31, 90d or 12h"
        raise UsageError("usage.moment", f"{text} is no time", remedy=remedy) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _print(rows: Sequence[dict[str, Any]], columns: Sequence[str], form: str) -> None:
    if form == "json":
        _print_json(list(rows))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column in KEPT_WHOLE, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    show(table)


def _cell(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def _print_json(found: object) -> None:
    from friction.render import json

    say(json.dumps(_plain(found)))


def _plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _plain(value) for name, value in found.items()}
    if isinstance(found, list):
        return [_plain(each) for each in found]
    return found.isoformat() if isinstance(found, dt.datetime) else found


GROUPS = {
    "keys": (
        KEYS,
        (
            below("create", create, CREATE),
            below("list", listed, LIST),
            below("revoke", revoke, REVOKE),
        ),
    ),
    "projects": (
        PROJECTS,
        (
            below("create", create_project, NEW_PROJECT),
            below("list", listed_projects, PROJECT_LIST),
            below("export", export_project, EXPORT),
        ),
    ),
}
"""By name: help, and the commands below it with theirs, long and short."""
