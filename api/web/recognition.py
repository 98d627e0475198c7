"""What was dropped: the card that says what it is, the wizard where we do not know, the gate before any finding."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from friction import config, goals
from friction.i18n import Language
from friction.i18n.problems import say
from friction.render.html.phrases import Phrases

from ..orders import order
from ..service import Service, ServiceDep
from ..store import drops, mappings
from ..store.drops import Drop
from . import looking, wizard
from .card import card
from .frame import page
from .taste import speaking

router = APIRouter(include_in_schema=False)

MAPPABLE = (
    "input.no_",
    "input.ambiguous_times",
    "input.mixed_times",
    "input.time_unreadable",
    "input.no_such_column",
)
"""Codes of problems that a mapping can mend."""


@router.get("/uploads/{drop_id}")
async def show(
    drop_id: str, request: Request, service: ServiceDep, wait: bool = False, columns: bool = False
) -> Response:
    """The card; of large files a page that waits for it."""
    drop, files = await run_in_threadpool(looking.found, service, drop_id)
    gone = [each.name for each in files if not each.is_stored]
    common: dict[str, Any] = {"at": "reports", "inside": True, "drop": drop, "files": files}
    if gone:
        return page(request, "gone.jinja", gone=gone, **common)
    is_large = sum(each.bytes for each in files) > looking.QUICK_BYTES
    if is_large and not (wait or looking.is_known(drop)):
        return page(request, "looking.jinja", **common)
    look = await looking.look(service, drop, files)
    problem = look.get("problem")
    needs = problem is not None and str(problem["code"]).startswith(MAPPABLE)
    found = await looking.asked(service, drop, files, "matching") if needs or columns else None
    speak = speaking(request)
    saved = await run_in_threadpool(_saved, service)
    return page(
        request,
        "recognise.jinja",
        problem=_told(problem, request),
        wizard=wizard.asked(found, drop.answers, saved, speak) if found else None,
        card=card(look["inspection"], speak) if not problem else None,
        zones=wizard.zones(),
        needs_words=lambda codes: phrases_of(speak).lack(f"needs {codes}"),
        small_share=phrases_of(speak).chance,
        **common,
    )


def phrases_of(speak: Language) -> Phrases:
    """Sentences that need no report."""
    return Phrases(speak, "UTC", None)


def _told(problem: dict[str, Any] | None, request: Request) -> dict[str, Any] | None:
    speak = speaking(request)
    shown = dict.fromkeys(("file", "line", "column", "remedy"))
    return problem and {
        **shown,
        **problem,
        **{k: say(str(problem[k]), speak) for k in ("detail", "remedy") if problem.get(k)},
    }


def _saved(service: Service) -> list[mappings.SavedMapping]:
    with service.store.read(service.project) as scope:
        return mappings.several(scope)


@router.post("/uploads/{drop_id}/columns")
async def columns(drop_id: str, request: Request, service: ServiceDep) -> Response:
    """The wizard with these choices: for htmx only the preview, else the whole page."""
    drop, files = await run_in_threadpool(looking.found, service, drop_id)
    form = await request.form()
    said = {name: str(value) for name, value in form.items()}
    speak = speaking(request)
    first = await looking.asked(service, drop, files, "matching", {})
    mapping = wizard.mapping_of(said, first)
    found = await looking.asked(service, drop, files, "matching", mapping)
    asked = wizard.asked(found, {**drop.answers, "mapping": mapping}, [], speak)
    template = "part-preview.jinja" if request.headers.get("hx-request") else "columns.jinja"
    return page(
        request,
        template,
        at="reports",
        inside=True,
        drop=drop,
        files=files,
        wizard=asked,
        zones=wizard.zones(),
    )


@router.post("/uploads/{drop_id}/mapping")
async def keep(drop_id: str, request: Request, service: ServiceDep) -> RedirectResponse:
    """Read the files as the wizard says from here on; under a name, save that for later files."""
    drop, files = await run_in_threadpool(looking.found, service, drop_id)
    form = await request.form()
    said = {name: str(value) for name, value in form.items()}
    first = await looking.asked(service, drop, files, "matching", {})
    mapping = wizard.mapping_of(said, first)
    await run_in_threadpool(_keep, service, drop, mapping, said.get("tz", ""), said.get("name", "").strip())
    return RedirectResponse(f"/uploads/{drop.id}", 303)


def _keep(service: Service, drop: Drop, mapping: dict[str, str], zone: str, name: str) -> None:
    config.called(None, {"mapping": mapping})
    with service.store.write(service.project) as scope:
        if name and mapping:
            mappings.put(scope, wizard.plain(name), mapping)
        drops.say(scope, drop.id, {**drop.answers, "mapping": mapping, "tz": zone})


@router.post("/uploads/{drop_id}/saved")
def take(
    drop_id: str, service: ServiceDep, mapping: Annotated[str, Form(max_length=100)]
) -> RedirectResponse:
    """Read the files by a saved mapping."""
    drop, _ = looking.found(service, drop_id)
    with service.store.write(service.project) as scope:
        kept = mappings.get(scope, mapping)
        if kept is not None:
            drops.say(scope, drop.id, {**drop.answers, "mapping": kept.columns})
    return RedirectResponse(f"/uploads/{drop.id}", 303)


@router.post("/uploads/{drop_id}/analyze")
def analyze(
    drop_id: str,
    service: ServiceDep,
    goal: Annotated[str, Form(max_length=500)] = "",
    tz: Annotated[str, Form(max_length=60)] = "",
) -> RedirectResponse:
    """Order the report; what was said is kept, so that coming back finds it."""
    drop, _ = looking.found(service, drop_id)
    answers = {**drop.answers, "goal": goal.strip(), "tz": tz or drop.answers.get("tz", "")}
    if answers["goal"]:
        goals.parse(answers["goal"])
    with service.store.write(service.project) as scope:
        drops.say(scope, drop.id, answers)
        said = drops.get(scope, drop.id)
    assert said is not None
    job = order(service, said.uploads, looking.settings_of(said))
    return RedirectResponse(f"/jobs/{quote(job.id)}", 303)
