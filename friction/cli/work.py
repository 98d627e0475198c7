"""One question to the process that reads data, and whether files for the user can be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction.cli.early import waiting
from friction.cli.inputs import found
from friction.cli.remarks import unread
from friction.cli.speech import speaking
from friction.cli.voice import Voice
from friction.errors import EXIT_DONE, EXIT_PARTIAL, UsageError
from friction.files import check_writable

if TYPE_CHECKING:
    from friction.config import Settings


def answer(
    command: str, voice: Voice, inputs: Sequence[str] = (), settings: Settings | None = None, **more: Any
) -> bytes:
    """What the child answers to `command`, as JSON; `more` are further members of the plan."""
    from friction import isolate

    with isolate.workspace() as folder:
        try:
            with voice.progress() as progress:
                files = found(inputs, folder, settings, progress)
                plan = {
                    "command": command,
                    "inputs": files.paths,
                    "names": files.names,
                    "settings": settings.model_dump(mode="json") if settings else {},
                    "output": "answer.json",
                    **more,
                }
                return isolate.run(plan, progress=progress, spare=waiting(settings)).read_bytes()
        finally:
            voice.details(isolate.log_of(folder))


def missed(content: bytes, voice: Voice) -> int:
    """The exit code by what the answer says of detectors that failed, and of members of archives that were not read and
    may have held data."""
    import orjson

    from friction.report import PassedOver

    told = orjson.loads(content)
    remarks = unread([PassedOver(**each) for each in told.get("passed_over", ())], speaking())
    if failed := told.get("failed"):
        names = ", ".join(sorted(failed))
        remarks.append(speaking().text("friction: partial result, failed: {detectors}", detectors=names))
    for remark in remarks:
        voice.remark(remark)
    return EXIT_PARTIAL if remarks else EXIT_DONE


def checked(path: Path, suffixes: Sequence[str]) -> Path:
    """`path` when it can be written in one of these formats; known before the work begins."""
    if path.suffix.lower() not in suffixes:
        remedy = f"there are: {', '.join(suffixes)}"
        raise UsageError(
            "output.unknown_format", f"{path} has no known suffix", remedy=remedy, file=str(path)
        )
    if not path.parent.is_dir():
        remedy = "make it first, or choose another place with -o"
        detail = f"there is no folder {path.parent}"
        raise UsageError("output.no_folder", detail, file=str(path), remedy=remedy)
    check_writable(path)
    return path
