"""`friction backup` and `friction restore`: everything a service keeps, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.service import Database, DataDir, data_folder, part
from friction.cli.speech import speaking
from friction.cli.voice import say, show
from friction.errors import EXIT_DONE

BACKUP = """\b
friction backup -o friction-backup.tar.zst
friction backup --data-dir /var/lib/friction --database postgresql://friction@db/friction -o friction-backup.tar.zst

Write everything a service keeps into one private file, while it runs: rows, reports, events, uploads that are needed,
and the secret of the service. Whoever has the file has the data: keep it as long as the data may be kept, no longer.
"""
RESTORE = """\b
friction restore friction-backup.tar.zst --data-dir /var/lib/friction

Bring a backup back into an empty data folder and database, also of the other kind, also one of an earlier version.
Jobs that were not over begin anew when the service starts.
"""
Archive = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file to write.")]
Given = Annotated[Path, typer.Argument(metavar="FILE", help="What friction backup wrote.")]
NoSecret = Annotated[
    bool,
    typer.Option("--without-secret", help="Leave out the secret of the service, where it is kept elsewhere."),
]


def backup(
    output: Archive,
    data_dir: DataDir = None,
    database: Database = None,
    without_secret: NoSecret = False,
    form: opt.Form = "table",
) -> int:
    """Take it, say what is in it."""
    folder = data_folder(data_dir)
    return _told(part("backup").backup(folder, database, output, with_secret=not without_secret), form)


def restore(
    archive: Given, data_dir: DataDir = None, database: Database = None, form: opt.Form = "table"
) -> int:
    """Bring it back, say what was in it."""
    return _told(part("backup").restore(archive, data_folder(data_dir), database), form)


def _told(answer: dict[str, Any], form: str) -> int:
    if form == "json":
        from friction.render import json

        say(json.dumps(answer))
    else:
        from friction.render.answers import answer as rendered

        show(rendered(answer, speaking()))
    return EXIT_DONE
