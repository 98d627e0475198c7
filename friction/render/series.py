"""Changes of one series, in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from friction.i18n import ENGLISH, N_, Language
from friction.render.lines import line

COLUMNS = (N_("From"), N_("Until"), N_("Change"), N_("Before"), N_("Since then"), N_("Times as much"))


def series(found: Mapping[str, Any], speak: Language = ENGLISH, zone: str = "UTC") -> RenderableType:
    """How many changes, then each with when, what it was before and since, and how sure that is."""
    changes = found["changes"]
    parts: list[RenderableType] = [line(_headline(found, speak), style="bold"), line(_read(found, speak))]
    if changes:
        row = _rate if found["kind"] == "rate" else _value
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for name in COLUMNS:
            table.add_column(speak.text(name))
        for change in changes:
            table.add_row(*map(line, row(change, speak, zone)))
        parts += ["", table]
    return Group(*parts)


def _headline(found: Mapping[str, Any], speak: Language) -> str:
    if found.get("reason"):
        return speak.text(
            "Nothing can be said of this series: {reason}.", reason=speak.word("series", found["reason"])
        )
    if not found["changes"]:
        return speak.text("This series did not change beyond its noise.")
    return speak.plural("{n} change.", "{n} changes.", len(found["changes"]))


def _read(found: Mapping[str, Any], speak: Language) -> str:
    said = speak.plural("{n} row read", "{n} rows read", found["rows"])
    if found["rejected"]:
        said += ", " + speak.plural(
            "{n} without time or figures", "{n} without time or figures", found["rejected"]
        )
    if found.get("smallest_lift") is not None:
        lift = speak.percent(found["smallest_lift"], 0)
        said += ". " + speak.text("In 24 hours a rise of less than {lift} would mostly be missed", lift=lift)
    return said + "."


def _rate(change: Mapping[str, Any], speak: Language, zone: str) -> tuple[str, ...]:
    times = tuple(speak.decimal(change[name], 2) for name in ("ratio", "ratio_low", "ratio_high"))
    return (
        *_when(change, speak, zone),
        speak.word("series", change["kind"]),
        speak.percent(change["rate_before"]),
        speak.percent(change["rate_in"]),
        speak.text("{about} ({low} to {high})", about=times[0], low=times[1], high=times[2]),
    )


def _value(change: Mapping[str, Any], speak: Language, zone: str) -> tuple[str, ...]:
    before, after = (speak.decimal(change[name]) for name in ("before", "after"))
    return (*_when(change, speak, zone), speak.word("series", change["kind"]), before, after, "")


def _when(change: Mapping[str, Any], speak: Language, zone: str) -> tuple[str, str]:
    end = change["end"]
    return speak.moment(change["start"], zone), speak.moment(end, zone) if end else speak.text("still lasts")
