"""`friction scan` and `friction annotate`: night after night."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say
from friction.errors import EXIT_DONE, EXIT_PARTIAL, FrictionError, UsageError

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.i18n import Language
    from friction.nightly.desk import Desk
    from friction.nightly.scan import Done, Plan
    from friction.nightly.state import State

SCAN = """\b
friction scan
friction scan --check
friction scan --config shop/friction.toml
friction scan --since 2026-03-01

Read what is new at the sources of friction.toml, hold the latest complete day against all nights before, and tell who
is named there what is new, worse, better, fixed or back. Nothing is said when nothing changed.

To be started every night, by cron, a systemd timer or Kubernetes. Started twice, it changes nothing more; started late,
it catches up. --since goes through the nights from a day on that are not known yet, and asks databases again for all
rows from then on; nights that are known stay as they were told. Ends with 4 when some object could not be read.
"""
ANNOTATE = """\b
friction annotate "v2.3"
friction annotate "Spring sale" --at 2026-03-21T08:00
friction annotate

Note a release or another moment; changes that begin shortly after name it. Without a text, list the notes and what
changed about them: how often each point was met in the week before and since.
"""
Check = Annotated[bool, typer.Option("--check", help="Only print what would be read, analysed and told.")]
Tell = Annotated[bool, typer.Option("--tell", help="Only send the messages that still wait.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DAY", help="Every night from this day on that is not known, one by one."
    ),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="No night after this day.")]
Moment = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="As if it were this time, for a rehearsal.")
]
Undo = Annotated[
    str | None,
    typer.Option(
        "--apart", metavar="ID", help="This point was taken for an older one by mistake: set it apart."
    ),
]
Text = Annotated[str | None, typer.Argument(metavar="TEXT", help="What happened, like v2.3.")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it happened; else now.")]


def scan(
    check: Check = False,
    tell: Tell = False,
    since: Since = None,
    until: Until = None,
    apart: Undo = None,
    moment: Moment = None,
    config: opt.Config = None,
    form: opt.Form = "table",
    memory_limit: opt.Memory = None,
    threads: opt.Threads = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Plan, or scan and tell; the exit code says whether everything could be read."""
    from friction.nightly.desk import Desk

    settings = opt.settings(config, limits__memory=memory_limit, limits__threads=threads)
    folder = (config.parent if config else Path()).resolve()
    desk, voice = Desk(folder / settings.schedule.folder), Voice(quiet, verbose)
    asked = _Asked(desk, settings, folder, _moment(moment, settings.time.zone or "UTC"), form, since, until)
    for day in (since, until):
        _checked(day)
    if check:
        return _planned(asked)
    with desk.alone():
        if apart is not None:
            return _set_apart(desk, apart)
        return _sent(asked) if tell else _scanned(asked, voice)


@dataclass(frozen=True)
class _Asked:
    """What a scan is asked to do; `folder` is that of the configuration."""

    desk: Desk
    settings: Settings
    folder: Path
    now: dt.datetime
    form: str
    since: str | None
    until: str | None


def _checked(day: str | None) -> None:
    try:
        if day is not None:
            dt.date.fromisoformat(day)
    except ValueError:
        raise UsageError("usage.wrong", f"{day} is no day", remedy="write it like 2026-03-29") from None


def _planned(asked: _Asked) -> int:
    from friction import isolate
    from friction.nightly.scan import planned

    settings, state = asked.settings, asked.desk.load()
    with isolate.workspace():
        plan = planned(settings, state, asked.folder, asked.now, since=asked.since, until=asked.until)
    if asked.form == "json":
        from friction.render import json

        say(json.dumps(_plan_members(plan, settings, state)))
    else:
        say("\n".join(_plan_lines(plan, settings, state)) + "\n")
    return EXIT_DONE


def _plan_members(plan: Plan, settings: Settings, state: State) -> dict[str, Any]:
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


def _plan_lines(plan: Plan, settings: Settings, state: State) -> list[str]:
    speak = speaking()
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
        lines.append(_of_known(plan.known, speak))
    told = ", ".join(sorted(settings.notify)) or speak.text("nobody")
    lines.append(speak.text("Told: {names}", names=told))
    if waiting := sum(letter.sent is None for letter in state.letters):
        lines.append(speak.plural("{n} message still waits", "{n} messages still wait", waiting))
    return lines


def _of_known(nights: int, speak: Language) -> str:
    return speak.plural(
        "{n} night that was asked for is known and stays as it was told; what came late for it counts in the next one",
        "{n} nights that were asked for are known and stay as they were told; what came late for them counts in the "
        "next one",
        nights,
    )


def _scanned(asked: _Asked, voice: Voice) -> int:
    from friction import isolate
    from friction.nightly.digest import Frame
    from friction.nightly.letters import Office
    from friction.nightly.scan import Scan
    from friction.nightly.telling import beat, tell

    settings, desk, schedule = asked.settings, asked.desk, asked.settings.schedule
    frame = Frame(schedule.name or asked.folder.name or "friction", schedule.address)
    office = Office(frame, settings.notify, settings.time.zone or "UTC", asked.now)
    try:
        with isolate.workspace() as place:
            try:
                with voice.progress() as progress:
                    scan = Scan(desk, settings, asked.folder, asked.now, office, progress)
                    done = scan.run(since=asked.since, until=asked.until)
            finally:
                voice.details(isolate.log_of(place))
    except FrictionError as error:
        _note_failure(desk, error, asked.now)
        beat(schedule.heartbeat, well=False)
        raise
    state = tell(desk.load(), settings.notify, asked.folder, asked.now, desk.save)
    beat(schedule.heartbeat, well=True)
    _show(done, state, asked.form)
    if done.known:
        voice.remark(_of_known(done.known, speaking()))
    for name, why in sorted(done.refused.items()):
        voice.remark(speaking().text("friction: {name} could not be read: {why}", name=name, why=why))
    return EXIT_PARTIAL if done.refused else EXIT_DONE


def _note_failure(desk: Desk, error: FrictionError, moment: dt.datetime) -> None:
    from dataclasses import replace

    from friction.nightly.state import stamp

    state = desk.load()
    health = replace(
        state.health,
        last_attempt=stamp(moment),
        failures=state.health.failures + 1,
        problem=error.problem.code,
    )
    desk.save(replace(state, health=health))


def _sent(asked: _Asked) -> int:
    from friction.nightly.scan import Done
    from friction.nightly.telling import tell

    state = tell(asked.desk.load(), asked.settings.notify, asked.folder, asked.now, asked.desk.save)
    _show(Done([], [], 0, 0, 0), state, asked.form)
    return EXIT_DONE


def _show(done: Done, state: State, form: str) -> None:
    if form == "json":
        from friction.render import json

        say(json.dumps(_members(done, state)))
    else:
        say("\n".join(_lines(done, state)) + "\n")


def _members(done: Done, state: State) -> dict[str, Any]:
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


def _lines(done: Done, state: State) -> list[str]:
    from friction.nightly.digest import headline

    speak = speaking()
    lines = []
    for told in done.told:
        day = speak.day(told.book.nights[-1].date)
        said = headline(told.events, told.trouble, speak) or speak.text("nothing new or worse")
        lines.append(speak.text("{day}: {result}", day=day, result=said))
        lines += [f"  {event.life.id}  {event.life.title}" for event in told.events]
    if not done.told:
        last = speak.day(state.book.last) if state.book.last else speak.text("none")
        lines.append(speak.text("No night to scan; the last one was {day}", day=last))
    if waiting := sum(letter.sent is None for letter in state.letters):
        lines.append(speak.plural("{n} message still waits", "{n} messages still wait", waiting))
    return lines


def _set_apart(desk: Desk, point: str) -> int:
    from dataclasses import replace

    from friction.nightly.update import set_apart

    state = desk.load()
    book = set_apart(state.book, point)
    if book is None:
        raise UsageError(
            "scan.not_joined",
            f"{point} was not taken for another point",
            remedy="friction scan --format json and friction explain name the ids",
        )
    desk.save(replace(state, book=book))
    return EXIT_DONE


def annotate(
    text: Text = None,
    at: At = None,
    config: opt.Config = None,
    form: opt.Form = "table",
) -> int:
    """Note a moment, or list the notes with what changed about them."""
    from dataclasses import replace

    from friction.nightly.desk import Desk
    from friction.nightly.marks import listed, noted

    settings = opt.settings(config)
    folder = (config.parent if config else Path()).resolve()
    desk = Desk(folder / settings.schedule.folder)
    if text is None:
        return _marks(listed(desk.load().book), form)
    with desk.alone():
        state = desk.load()
        book = noted(state.book, text, _moment(at, settings.time.zone or "UTC"))
        desk.save(replace(state, book=book))
    return EXIT_DONE


def _moment(at: str | None, zone: str) -> dt.datetime:
    from zoneinfo import ZoneInfo

    if at is None:
        return dt.datetime.now(dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        raise UsageError("usage.wrong", f"{at} is no time", remedy="write it like 2026-03-21T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _marks(found: list[dict[str, Any]], form: str) -> int:
    from friction.render import json

    if form == "json":
        say(json.dumps({"annotations": found}))
        return EXIT_DONE
    speak = speaking()
    lines = []
    for mark in found:
        lines.append(speak.text("{day}: {result}", day=speak.moment(mark["at"]), result=mark["text"]))
        for change in mark["changes"]:
            lines.append(
                speak.text(
                    "  {title}: {before} of sessions before, {after} since ({low} to {high} times as often)",
                    title=change["title"],
                    before=speak.percent(change["before"]),
                    after=speak.percent(change["after"]),
                    low=speak.decimal(change["low"], 2),
                    high=speak.decimal(change["high"], 2),
                )
            )
    say("\n".join(lines or [speak.text("nothing was noted yet")]) + "\n")
    return EXIT_DONE
