"""The forms of a message: HTML as mail programs take it, plain text with the same words, Markdown, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction.i18n import Language
from friction.nightly.digest import WORD, Digest
from friction.render.safe import printable
from friction.render.words import named

if TYPE_CHECKING:
    from jinja2 import Environment

WIDTH = 76


def html(digest: Digest, speak: Language, channel: str) -> str:
    """600 px, tables, inline styles; no pictures and nothing that tells who opened it."""
    return printable(
        _templates()
        .get_template("mail.jinja")
        .render(
            digest=digest,
            lang=speak.code,
            day=speak.date(digest.date),
            words={kind: speak.text(word) for kind, word in WORD.items()},
            foot=foot(channel, speak),
            command=lambda point: command(digest, point),
            **speak.functions,
        )
    )


def text(digest: Digest, speak: Language, channel: str) -> str:
    """The same words, for people who read mail as text."""
    return printable("\n".join(_lines(digest, speak, channel)) + "\n")


def _lines(digest: Digest, speak: Language, channel: str) -> Iterator[str]:
    import textwrap

    def wrapped(words: str, indent: str = "") -> list[str]:
        return textwrap.wrap(
            words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False
        )

    yield speak.text("{project}, {day}", project=digest.project, day=speak.date(digest.date))
    yield from ("", *wrapped(digest.headline), "=" * min(WIDTH, len(digest.headline)))
    for item in digest.items:
        yield from ("", *wrapped(f"{item.sign} {named(speak.text(WORD[item.kind]), item.title, speak)}"))
        yield from wrapped(item.what, "  ")
        yield from wrapped(item.cost, "  ")
        if where := item.link or (item.point and command(digest, item.point)):
            yield f"  {where}"
    yield from ("", "-" * WIDTH)
    for line in (digest.more, digest.link or "", digest.data, foot(channel, speak)):
        yield from wrapped(line)


def markdown(digest: Digest, speak: Language) -> str:
    """For files and chats; texts of the data cannot become markup."""
    from friction.render.markdown import plain

    lines = [f"# {plain(digest.subject)}", "", speak.date(digest.date), ""]
    for item in digest.items:
        lines += [
            f"## {item.sign} {named(speak.text(WORD[item.kind]), plain(item.title), speak)}",
            "",
            plain(item.what),
            "",
        ]
        lines += [plain(item.cost), ""] if item.cost else []
        if item.link:
            lines += [f"[{speak.text('See the moments')}]({item.link})", ""]
        elif item.point:
            lines += [f"`{command(digest, item.point)}`", ""]
    lines += [plain(line) for line in (digest.more, digest.data) if line]
    if digest.link:
        lines += ["", f"[{speak.text('Open the ranked list')}]({digest.link})"]
    return printable("\n".join(lines) + "\n")


def members(digest: Digest) -> dict[str, Any]:
    """As JSON values, for programs."""
    import orjson

    found: dict[str, Any] = orjson.loads(orjson.dumps(digest))
    return found


def foot(channel: str, speak: Language) -> str:
    """When this comes, and how it is stopped."""
    return speak.text(
        "You are told only when something changed, and one line a week when nothing did. [notify.{channel}] in "
        "friction.toml says how you are told, and ends it when it is removed.",
        channel=channel,
    )


def command(digest: Digest, point: str) -> str:
    """How to see a point without a service."""
    return f"friction explain .friction/reports/{digest.date}.json {point}"


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
