"""`friction annotate`: releases and other moments that changes are held against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import say
from friction.errors import EXIT_DONE

if TYPE_CHECKING:
    from friction.nightly.book import Book

ANNOTATE = """\b
friction annotate "v2.3"
friction annotate "Spring sale" --at 2026-03-21T08:00
friction annotate

Note a release or another moment; changes that begin shortly after name it. Without a text, list the notes and what
changed about them: how often each point was met in the week before and since.
"""
Text = Annotated[str | None, typer.Argument(metavar="TEXT", help="What happened, like v2.3.")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it happened; else now.")]


def annotate(
    text: Text = None,
    at: At = None,
    config: opt.Config = None,
    form: opt.Form = "table",
) -> int:
    """Note a moment, or list the notes with what changed about them."""
    from dataclasses import replace

    from friction.nightly.desk import Desk
    from friction.nightly.marks import noted

    settings = opt.settings(config)
    folder = (config.parent if config else Path()).resolve()
    desk = Desk(folder / settings.schedule.folder)
    if text is None:
        return _marks(desk.load().book, form)
    with desk.alone():
        state = desk.load()
        book = noted(state.book, text, opt.moment(at, settings.time.zone or "UTC"))
        desk.save(replace(state, book=book))
    return EXIT_DONE


def _marks(book: Book, form: str) -> int:
    from friction.nightly.marks import listed
    from friction.nightly.sentences import title
    from friction.render import json

    found = listed(book)
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
                    title=title(book.lives[change["id"]], speak),
                    before=speak.percent(change["before"]),
                    after=speak.percent(change["after"]),
                    low=speak.decimal(change["low"], 2),
                    high=speak.decimal(change["high"], 2),
                )
            )
    say("\n".join(lines or [speak.text("nothing was noted yet")]) + "\n")
    return EXIT_DONE
