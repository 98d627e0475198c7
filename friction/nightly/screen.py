"""What a scan would do and what it did, for who sits at a terminal and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from friction.nightly.digest import headline
from friction.nightly.sentences import title

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.i18n import Language
    from friction.nightly.scan import Done, Plan
    from friction.nightly.state import State


def plan_members(plan: Plan, settings: Settings, state: State) -> dict[str, Any]:
    """What a scan would do, for programs."""
    sources = [
        {
            "source": found.source,
            "objects": found.objects,
            "new": [arrival.name for arrival in found.fresh],
            "refused": list(found.refused),
            "bytes": found.bytes,
            "watermark": found.watermark,
        }
        for found in plan.sources
    ]
    waiting = sum(letter.sent is None for letter in state.letters)
    return {
        "sources": sources,
        "nights": plan.nights,
        "last_night": state.book.last,
        "zone": plan.zone,
        "window_days": plan.window_days,
        "known_nights": plan.known,
        "channels": sorted(settings.notify),
        "waiting_messages": waiting,
    }


def plan_lines(plan: Plan, settings: Settings, state: State, speak: Language) -> list[str]:
    """What a scan would do, for people."""
    lines = []
    for found in plan.sources:
        there = speak.plural("{n} object", "{n} objects", found.objects)
        fresh = speak.plural("{n} of them new", "{n} of them new", len(found.fresh))
        lines.append(
            speak.text("Source {name}: {there}, {fresh}", name=found.source, there=there, fresh=fresh)
        )
        if found.refused:
            lines.append(
                speak.plural(
                    "  {n} could not be read before", "  {n} could not be read before", len(found.refused)
                )
            )
    if plan.nights:
        days = ", ".join(speak.day(day) for day in plan.nights)
        lines.append(
            speak.plural(
                "Night of {days}, in a report over {n} day ({zone})",
                "Night of {days}, in a report over {n} days ({zone})",
                plan.window_days,
                days=days,
                zone=plan.zone,
            )
        )
    else:
        last = speak.day(state.book.last) if state.book.last else speak.text("none")
        lines.append(speak.text("No night to scan; the last one was {day}", day=last))
    if plan.known:
        lines.append(of_known(plan.known, speak))
    told = ", ".join(sorted(settings.notify)) or speak.text("nobody")
    lines.append(speak.text("Told: {names}", names=told))
    if waiting := sum(letter.sent is None for letter in state.letters):
        lines.append(speak.plural("{n} message still waits", "{n} messages still wait", waiting))
    return lines


def of_known(nights: int, speak: Language) -> str:
    """Why nights that were asked for are not gone through again."""
    return speak.plural(
        "{n} night that was asked for is known and stays as it was told; what came late for it counts in the next one",
        "{n} nights that were asked for are known and stay as they were told; what came late for them counts in the "
        "next one",
        nights,
    )


def scan_members(done: Done, state: State) -> dict[str, Any]:
    """What a scan did, for programs."""
    nights = [
        {
            "date": told.book.nights[-1].date,
            "report": told.book.nights[-1].report,
            "sessions": told.book.nights[-1].sessions,
            "tested": told.tested,
            "trouble": told.trouble.kind if told.trouble else None,
            "events": [
                {
                    "kind": event.kind,
                    "id": event.life.id,
                    "title": event.life.title,
                    "since": event.life.since,
                }
                for event in told.events
            ],
        }
        for told in done.told
    ]
    waiting = sum(letter.sent is None for letter in state.letters)
    read = {
        "objects": done.objects,
        "rows": done.rows,
        "known_rows": done.known_rows,
        "refused": done.refused,
    }
    return {"nights": nights, **read, "waiting_messages": waiting, "last_night": state.book.last}


def scan_lines(done: Done, state: State, speak: Language) -> list[str]:
    """What a scan did, for people."""
    lines = []
    for told in done.told:
        day = speak.day(told.book.nights[-1].date)
        said = headline(told.events, told.trouble, speak) or speak.text("nothing new or worse")
        lines.append(speak.text("{day}: {result}", day=day, result=said))
        lines += [f"  {event.life.id}  {title(event.life, speak)}" for event in told.events]
    if not done.told:
        last = speak.day(state.book.last) if state.book.last else speak.text("none")
        lines.append(speak.text("No night to scan; the last one was {day}", day=last))
    if waiting := sum(letter.sent is None for letter in state.letters):
        lines.append(speak.plural("{n} message still waits", "{n} messages still wait", waiting))
    return lines
