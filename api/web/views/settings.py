"""What a project settles, as pages: goal, funnels, detectors, pages, privacy. Each saves its part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from friction.config import Settings
from friction.config.values import json_or_text
from friction.errors import UsageError
from friction.i18n import N_
from friction.i18n.codes.detectors import DETECTOR
from friction.report import DetectorRun

from ...detectors import explained, ordered
from ...errors import missing
from ...orders import order
from ...routes import settings as twin
from ...routes.reports import found
from ...service import Service, ServiceDep
from ...store import jobs
from .. import start
from ..frame import page
from ..reading import report_of
from ..taste import speaking
from .compared import recent

router = APIRouter(include_in_schema=False)

PARTS = (
    ("goal", N_("Goals")),
    ("funnels", N_("Funnels")),
    ("detectors", N_("Detectors")),
    ("pages", N_("Pages")),
    ("privacy", N_("Privacy")),
    ("keys", N_("Keys")),
    ("webhooks", N_("Webhooks")),
)
PAGE_TYPES = ("home", "list", "product", "search", "cart", "checkout", "account", "help", "content")
EXCLUDED = ("ips", "agents", "visitors", "pages")
Lines = Annotated[str, Form(max_length=20_000)]
Texts = Annotated[list[str], Form(max_length=40)]


async def filled(request: Request) -> dict[str, str]:
    """The fields of a form whose names depend on the data."""
    return {name: str(value) for name, value in (await request.form()).items()}


Filled = Annotated[dict[str, str], Depends(filled)]


def shown(request: Request, service: Service, part: str, **values: Any) -> Response:
    """The page of one part."""
    return page(
        request,
        f"views/settings-{part}.jinja",
        at="settings",
        inside=True,
        parts_=PARTS,
        part=part,
        saved=twin.saved(service),
        was_saved="saved" in request.query_params,
        **values,
    )


def settled(service: Service, part: str, **sections: Any) -> RedirectResponse:
    """Keep these sections and all others; then back to the page of the part."""
    twin.keep(service, {**twin.saved(service), **sections})
    return RedirectResponse(f"/settings/{part}?saved=1", 303)


@router.get("/settings")
def begin() -> RedirectResponse:
    """The first part."""
    return RedirectResponse("/settings/goal", 303)


@router.get("/settings/goal")
def goal(request: Request, service: ServiceDep) -> Response:
    """What counts as a conversion; the first one ranks."""
    return shown(request, service, "goal")


@router.post("/settings/goal")
def keep_goal(
    service: ServiceDep, when: Texts, name: Texts, value: Texts, currency: Texts
) -> RedirectResponse:
    """Keep the goals that have an expression, in their order."""
    goals = {}
    for number, expression in enumerate(when):
        if expression.strip():
            worth = _number(_at(value, number))
            known = {"value": worth, "currency": _at(currency, number) or None} if worth is not None else {}
            goals[_at(name, number) or expression.strip()] = {"when": expression.strip(), **known}
    return settled(service, "goal", goals=goals)


@router.get("/settings/funnels")
def funnels(request: Request, service: ServiceDep) -> Response:
    """Steps that people pass in order."""
    return shown(request, service, "funnels")


@router.post("/settings/funnels")
def keep_funnels(service: ServiceDep, name: Texts, steps: Texts) -> RedirectResponse:
    """Keep the funnels that have steps, one a line."""
    given = {
        _at(name, number) or f"funnel_{number + 1}": {"steps": lines(text)}
        for number, text in enumerate(steps)
        if lines(text)
    }
    return settled(service, "funnels", funnels=given)


@router.get("/settings/pages")
def pages(request: Request, service: ServiceDep) -> Response:
    """How addresses become pages, and what kind they are."""
    return shown(request, service, "pages", types=PAGE_TYPES)


@router.post("/settings/pages")
def keep_pages(said: Filled, service: ServiceDep) -> RedirectResponse:
    """Keep templates, types and the main host."""
    types = {name: found for name in PAGE_TYPES if (found := lines(said.get(f"type-{name}", "")))}
    section = {
        "templates": lines(said.get("templates", "")),
        "types": types,
        "main_host": said.get("main_host", "").strip() or None,
    }
    return settled(service, "pages", pages=section)


@router.get("/settings/privacy")
def privacy(request: Request, service: ServiceDep) -> Response:
    """What is kept besides, and who does not count."""
    return shown(request, service, "privacy")


@router.post("/settings/privacy")
def keep_privacy(
    service: ServiceDep,
    keep: Lines = "",
    ips: Lines = "",
    agents: Lines = "",
    visitors: Lines = "",
    pages: Lines = "",
) -> RedirectResponse:
    """Keep both."""
    exclude = dict(zip(EXCLUDED, map(lines, (ips, agents, visitors, pages)), strict=True))
    return settled(service, "privacy", privacy={"keep": lines(keep)}, exclude=exclude)


@router.get("/settings/detectors")
def detectors(
    request: Request, service: ServiceDep, report: Annotated[str | None, Query(max_length=40)] = None
) -> Response:
    """Thresholds in force in a report, the newest unless another is named, to be changed and tried on it at once."""
    known = recent(service)
    chosen = report or (known[0].id if known else None)
    runs = report_of(service, chosen)[1].detectors if chosen else []
    speak = speaking(request)
    return shown(
        request,
        service,
        "detectors",
        runs=runs,
        explained=partial(explained, speak),
        ordered=ordered,
        chosen=chosen,
        choices=[(row.id, start.name_of(row.summary["input"], speak)) for row in known],
        others=asleep(runs) if runs else [],
    )


def asleep(runs: Sequence[DetectorRun]) -> list[str]:
    """Detectors of friction that did not run in a report, for it had none of them asked for."""
    return sorted(DETECTOR.keys() - {run.name for run in runs})


@router.post("/settings/detectors")
def change_detectors(said: Filled, service: ServiceDep) -> RedirectResponse:
    """Keep the thresholds for all analyses to come (`act=save`), or try them on the report (`act=try`)."""
    report_id = said.get("report", "")
    runs = report_of(service, report_id)[1].detectors
    is_saved = said.get("act") == "save"
    given = changed(runs, said, of_tools=not is_saved)
    before = twin.saved(service).get("detectors", {})
    thresholds = {name: {**before.get(name, {}), **given.get(name, {})} for name in {*before, *given}}
    if is_saved:
        return settled(service, "detectors", detectors=thresholds)
    _checked(thresholds)
    return RedirectResponse(f"/jobs/{again(service, report_id, thresholds)}", 303)


def changed(
    runs: Sequence[DetectorRun], said: dict[str, str], *, of_tools: bool = True
) -> dict[str, dict[str, Any]]:
    """Detector → thresholds that are not as they were in the report, and whether it is to run from now on.

    `of_tools`: those of presets too, which friction's own detector of that name does not have.
    """
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        for name, value in run.parameters.items() if of_tools or not run.preset else ():
            text = said.get(f"{run.name}.{name}")
            if text is not None and json_or_text(text.strip()) != value:
                found.setdefault(run.name, {})[name] = json_or_text(text.strip())
        if f"{run.name}.known" in said and f"{run.name}.enabled" not in said:
            found.setdefault(run.name, {})["enabled"] = False
    for name in asleep(runs):
        if f"{name}.wake" in said:
            found[name] = {"enabled": True}
    return found


def again(service: Service, report_id: str, thresholds: dict[str, dict[str, Any]]) -> str:
    """The id of a job that analyses the same files with these thresholds."""
    row = found(service, report_id)
    with service.store.read(service.project) as scope:
        job = jobs.get(scope, row.job_id)
    if job is None:
        raise missing("job")
    known = job.settings.get("detectors") or {}
    merged = {name: {**known.get(name, {}), **thresholds.get(name, {})} for name in {*known, *thresholds}}
    return order(service, job.uploads, {**job.settings, "detectors": merged}).id


def _checked(thresholds: dict[str, Any]) -> None:
    Settings.model_validate({"detectors": thresholds})


def lines(text: str) -> list[str]:
    """One entry a line; empty ones are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _at(values: Sequence[str], number: int) -> str:
    return values[number].strip() if number < len(values) else ""


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        remedy = "write it like 49.90"
        raise UsageError("request.invalid", "the value of a conversion is no number", remedy=remedy) from None
