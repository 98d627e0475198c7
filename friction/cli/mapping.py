"""The mapping that was guessed, as a file to correct: `friction inspect FILE --write-mapping M.toml`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from friction.errors import UsageError
from friction.files import write
from friction.sources.aliases import ITEMS, normal

GUESSED = "generic"
"""The source whose columns are guessed; all others know theirs."""


def write_mapping(answer: Mapping[str, Any], output: Path) -> None:
    """Write the columns of the one file that was looked at. Raises `UsageError` for several."""
    files = answer["files"]
    if len(files) != 1:
        raise UsageError(
            "usage.wrong",
            f"--write-mapping writes the mapping of one file, but there are {len(files)}",
            remedy="give one file",
        )
    write(output, "".join(_lines(files[0])).encode())


def _lines(file: Mapping[str, Any]) -> Iterator[str]:
    is_guessed = file["source"] == GUESSED
    yield '# ours = "theirs". Change what is wrong and give the file with --mapping.\n'
    if not is_guessed:
        yield f"# The columns of {file['source']} are known: take the # away only where something else is meant.\n"
    columns: Mapping[str, str | None] = file["facts"].get("columns", {})
    for theirs, ours in columns.items():
        if ours is not None:
            yield f"{'' if is_guessed else '# '}{_key(ours, theirs)} = {_quoted(theirs)}\n"
    for theirs, ours in columns.items():
        if ours is None:
            yield f"# not used: {_quoted(theirs)}\n"


def _key(ours: str, theirs: str) -> str:
    """Items become addresses; the mapping calls them what they are."""
    return "item" if ours == "url" and normal(theirs) in {normal(one) for one in ITEMS} else ours


def _quoted(name: str) -> str:
    """A name as TOML writes it."""
    return json.dumps(name, ensure_ascii=True).replace("\x7f", "\\u007f")
