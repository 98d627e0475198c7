"""What the data process says of a drop: what it is, and what its columns could be. Kept per answers, values never."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import anyio

from friction import __version__, isolate
from friction.errors import FrictionError, InternalError
from friction.isolate import memory

from ..errors import missing
from ..options import Options
from ..routes.inspection import AT_ONCE, TIMEOUT_S
from ..service import Service
from ..store import drops, uploads
from ..store.drops import Drop
from ..store.uploads import Upload

QUICK_BYTES = 8_000_000
"""Files of so many bytes are looked at while the browser waits; more are looked at after the page is there."""


def found(service: Service, drop_id: str) -> tuple[Drop, list[Upload]]:
    """The drop with its uploads; raises `Refused` when there is none any more."""
    with service.store.read(service.project) as scope:
        drop = drops.get(scope, drop_id)
        if drop is None:
            raise missing("upload")
        kept = [each for each in (uploads.get(scope, one) for one in drop.uploads) if each]
    return drop, kept


def settings_of(drop: Drop) -> dict[str, Any]:
    """The settings of an analysis under the answers given."""
    answers = drop.answers
    goal = [answers["goal"]] if answers.get("goal") else []
    return Options(tz=answers.get("tz") or None, goal=goal).settings(answers.get("mapping") or None)


def key_of(drop: Drop) -> str:
    """Of the answers that matter for looking; another version may say something else."""
    asked = [__version__, drop.answers.get("mapping"), drop.answers.get("tz")]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def is_known(drop: Drop) -> bool:
    """Whether the answer is there already."""
    return drop.looked == key_of(drop) and drop.look is not None


async def look(service: Service, drop: Drop, files: list[Upload]) -> dict[str, Any]:
    """`inspection`, or the `problem` that is in the way."""
    if is_known(drop) and drop.look is not None:
        return drop.look
    try:
        answer = {"inspection": await asked(service, drop, files, "inspect")}
    except InternalError:
        raise
    except FrictionError as error:
        answer = {"problem": error.problem.as_dict()}
    await anyio.to_thread.run_sync(_kept, service, drop, answer)
    return answer


def _kept(service: Service, drop: Drop, answer: dict[str, Any]) -> None:
    with service.store.write(service.project) as scope:
        drops.looked(scope, drop.id, key_of(drop), answer)


async def asked(
    service: Service,
    drop: Drop,
    files: list[Upload],
    command: str,
    mapping: dict[str, str] | None = None,
) -> dict[str, Any]:
    """The answer of the data process to `command`; with `mapping`, as if it had been said."""
    settings = settings_of(drop)
    settings["mapping"] = settings["mapping"] if mapping is None else mapping
    settings["limits"]["memory"] = settings["limits"]["memory"] or memory.ceiling(int(AT_ONCE.total_tokens))
    plan = {
        "command": command,
        "inputs": [str(service.folder.upload(each.id)) for each in files],
        "names": [each.name for each in files],
        "settings": settings,
        "output": f"{command}.json",
    }
    written = await anyio.to_thread.run_sync(_carried_out, plan, limiter=AT_ONCE)
    answer: dict[str, Any] = json.loads(written)
    return answer


def _carried_out(plan: dict[str, Any]) -> bytes:
    with isolate.workspace():
        return isolate.run(plan, timeout_s=TIMEOUT_S).read_bytes()
