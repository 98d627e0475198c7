"""What readers of the command line are told to do, said for those who ask over HTTP; codes and members stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from friction.errors import Problem

REMEDIES = (
    ("in --mapping", 'in the member "mapping" of POST /v1/reports'),
    ("with --mapping", 'in the member "mapping" of POST /v1/reports'),
    ("with `friction inspect`", "at GET /v1/uploads/{upload_id}/inspection"),
    ("--since and --until", "since and until"),
    ("friction schema config says what it may be", "see /v1/openapi.json for the options and their values"),
    ("run this again with --verbose to see the details", "the log of the service says what happened"),
)
"""A piece of a remedy that names a flag or a command, and what there is of it here."""
OPTIONS = {
    "time.zone": "tz",
    "analysis.since": "since",
    "analysis.until": "until",
    "analysis.preset": "preset",
}
"""Settings by the names that they have as options of a request."""
ASKED = "(the request)"
"""How a detail ends when what is wrong stood in the request."""


def over_http(problem: Problem) -> Problem:
    """The problem with the words of a request in place of those of the command line."""
    remedy = _replaced(problem.remedy) if problem.remedy else None
    return replace(problem, detail=_named(problem.detail), remedy=remedy)


def kept(problem: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a problem document as jobs keep it."""
    known = {"remedy": _replaced(str(problem["remedy"]))} if problem.get("remedy") else {}
    return {**problem, **known}


def _replaced(remedy: str) -> str:
    for there, here in REMEDIES:
        remedy = remedy.replace(there, here)
    return remedy


def _named(detail: str) -> str:
    setting, colon, why = detail.partition(": ")
    if not (colon and detail.endswith(ASKED) and setting in OPTIONS):
        return detail
    return f"{OPTIONS[setting]}: {why.removesuffix(ASKED).rstrip()}"
