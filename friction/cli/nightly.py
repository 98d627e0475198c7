"""`friction scan`: night after night."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say
from friction.errors import EXIT_DONE, EXIT_PARTIAL, FrictionError, UsageError
from friction.i18n.problems import say as worded
from friction.values import dataclass

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.nightly.desk import Desk
    from friction.nightly.scan import Done
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
    asked = _Asked(
        desk, settings, folder, opt.moment(moment, settings.time.zone or "UTC"), form, since, until
    )
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
    from friction.nightly import screen
    from friction.nightly.scan import planned

    settings, state = asked.settings, asked.desk.load()
    with isolate.workspace():
        plan = planned(settings, state, asked.folder, asked.now, since=asked.since, until=asked.until)
    if asked.form == "json":
        from friction.render import json

        say(json.dumps(screen.plan_members(plan, settings, state)))
    else:
        say("\n".join(screen.plan_lines(plan, settings, state, speaking())) + "\n")
    return EXIT_DONE


def _scanned(asked: _Asked, voice: Voice) -> int:
    from friction import isolate
    from friction.nightly import screen
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
        voice.remark(screen.of_known(done.known, speaking()))
    for name, why in sorted(done.refused.items()):
        said = worded(why, speaking())
        voice.remark(speaking().text("friction: {name} could not be read: {why}", name=name, why=said))
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
    from friction.nightly import screen

    if form == "json":
        from friction.render import json

        say(json.dumps(screen.scan_members(done, state)))
    else:
        say("\n".join(screen.scan_lines(done, state, speaking())) + "\n")


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
