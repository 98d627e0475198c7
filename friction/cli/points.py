"""`friction points`: every friction point of the nightly scans, and what people say of one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import say
from friction.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from friction.i18n import Language
    from friction.nightly.book import Book
    from friction.nightly.life import Life, Mute
    from friction.nightly.state import State

POINTS = """\b
friction points
friction points 3f1c --owner Ada --link https://tracker.example.com/123
friction points 3f1c --mute --until 2026-05-01
friction points 3f1c --mute --worse 50% --reason "waits for the new checkout"

Without an id, list the friction points that the nightly scans know, the costliest first. With one (or its beginning),
say something of it: who looks after it, a note, a ticket, or that nothing is to be told of it: until a day, until it is
so much worse, or for ever, which wants a reason.
"""
Id = Annotated[str | None, typer.Argument(metavar="ID", help="Of the point, or how it begins.")]
Mute_ = Annotated[
    bool | None, typer.Option("--mute/--unmute", help="Tell nothing of it any more; tell it again.")
]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Muted up to this day.")]
Worse = Annotated[
    str | None, typer.Option("--worse", metavar="SHARE", help="Muted until it is so much worse, like 50%.")
]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is muted.")]
Owner = Annotated[str | None, typer.Option("--owner", metavar="NAME", help="Who looks after it.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What is to be known of it.")]
Link = Annotated[str | None, typer.Option("--link", metavar="URL", help="A ticket.")]


def points(
    point: Id = None,
    mute: Mute_ = None,
    until: Until = None,
    worse: Worse = None,
    reason: Reason = None,
    owner: Owner = None,
    note: Note = None,
    link: Link = None,
    config: opt.Config = None,
    form: opt.Form = "table",
) -> int:
    """List them, or change one; the text "" takes a word away."""
    from friction.nightly.desk import Desk

    settings = opt.settings(config)
    desk = Desk((config.parent if config else Path()).resolve() / settings.schedule.folder)
    said = {"owner": owner, "note": note, "link": link}
    if point is None:
        if any(word is not None for word in (mute, until, worse, reason, *said.values())):
            raise UsageError(
                "point.unnamed", "it is not said which point is meant", remedy="friction points lists them"
            )
        return _listed(desk.load(), form)
    changes: dict[str, Any] = {name: text or None for name, text in said.items() if text is not None}
    with desk.alone():
        state = desk.load()
        life = replace(_one(state.book, point), **changes)
        if mute is not None:
            life = replace(life, mute=_mute(life, until, worse, reason) if mute else None)
        elif until or worse or reason:
            raise UsageError(
                "usage.wrong", "--until, --worse and --reason go with --mute", remedy="add --mute"
            )
        desk.save(replace(state, book=state.book.changed(life)))
    return _shown([life], state, form)


def _one(book: Book, start: str) -> Life:
    found = [life for life in book.lives.values() if any(id.startswith(start) for id in life.ids)]
    if not found:
        detail = f"no point begins with {start}"
        raise UsageError("point.unknown", detail, remedy="friction points lists them")
    if len(found) > 1:
        detail = f"{len(found)} points begin with {start}"
        raise UsageError("point.unknown", detail, remedy="give more of the id")
    return found[0]


def _mute(life: Life, until: str | None, worse: str | None, reason: str | None) -> Mute:
    from friction.nightly.life import Mute

    if until is None and worse is None and not reason:
        raise UsageError(
            "point.reason",
            "muting a point for ever wants a reason",
            remedy="give --reason, or --until or --worse for a mute that ends",
        )
    return Mute(_day(until), _factor(worse), life.rate(), reason)


def _day(text: str | None) -> str | None:
    try:
        return text and dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError("usage.wrong", f"{text} is no day", remedy="write it like 2026-03-29") from None


def _factor(text: str | None) -> float | None:
    try:
        share = float(text.removesuffix("%")) / 100 if text else None
    except ValueError:
        share = 0.0
    if share is not None and not 0 < share < 1000:
        raise UsageError("usage.wrong", f"{text} is no share", remedy="write it like 50%")
    return None if share is None else 1 + share


def _listed(state: State, form: str) -> int:
    lives = sorted(state.book.lives.values(), key=lambda life: (-_a_day(life), life.id))
    return _shown(lives, state, form)


def _a_day(life: Life) -> float:
    """What it costs a day now; 0 where it is fixed or cannot be said."""
    cost = None if life.course == "fixed" else life.cost
    return cost.estimate * cost.a_day / 1000 if cost else 0.0


def _shown(lives: list[Life], state: State, form: str) -> int:
    day = state.book.last or ""
    if form == "json":
        from friction.render import json

        say(json.dumps({"points": [_members(life, day) for life in lives]}))
        return EXIT_DONE
    from friction.nightly.sentences import title

    speak = speaking()
    lines = []
    for life in lives:
        word = speak.word("state", life.state(day))
        lines.append(f"{life.id}  {word:<12}  {title(life, speak)}")
        said = [_worth(life, speak)] if _a_day(life) > 0 else []
        said += [text for text in (life.owner, life.note, life.link) if text]
        if life.mute is not None and life.mute.reason:
            said.append(life.mute.reason)
        lines += [f"    {text}" for text in said]
    say("\n".join(lines or [speak.text("no friction point is known yet")]) + "\n")
    return EXIT_DONE


def _worth(life: Life, speak: Language) -> str:
    cost = _a_day(life)
    if life.cost is not None and life.cost.metric == "extra_exits":
        return speak.amount("about {n} more person a day leaves", "about {n} more people a day leave", cost)
    return speak.amount("about {n} lost conversion a day", "about {n} lost conversions a day", cost)


def _members(life: Life, day: str) -> dict[str, Any]:
    kept = (
        "id",
        "detector",
        "page",
        "target",
        "title",
        "since",
        "first_seen",
        "last_seen",
        "owner",
        "note",
        "link",
    )
    mute = None
    if life.mute is not None:
        mute = {"until": life.mute.until, "beyond": life.mute.beyond, "reason": life.mute.reason}
    return {
        **{name: getattr(life, name) for name in kept},
        "state": life.state(day),
        "a_day": _a_day(life),
        "mute": mute,
        "also": [match.id for match in life.also],
    }
