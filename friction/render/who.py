"""`friction inspect --who`: the ids of one person in words, with what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType

from friction.i18n import Language
from friction.render.lines import line
from friction.render.safe import clean


def who(content: Mapping[str, Any], speak: Language) -> RenderableType:
    """One sentence, the ids, and every link with its reason."""
    said = [line(_verdict(content, speak), style="bold")]
    said += [line(f"  {speak.word('id_kind', each['kind'])}  {clean(each['id'])}") for each in content["ids"]]
    if content["links"]:
        said += [line(""), line(speak.text("What was said of it"), style="bold")]
        said += [line(f"  {_link(each, speak)}") for each in content["links"]]
    return Group(*said)


def _verdict(content: Mapping[str, Any], speak: Language) -> str:
    if content["is_joined"]:
        return speak.plural(
            "This is a person with {n} id here:", "This is a person with {n} ids here:", len(content["ids"])
        )
    if content["is_shared"]:
        return speak.text("This device is used by several people, so it is joined with none of them.")
    return speak.text(
        "Nothing joins this id with another one: it is a person of its own, if it is there at all."
    )


def _link(each: Mapping[str, Any], speak: Language) -> str:
    rule = speak.word("link", clean(each["rule"]))
    times = speak.plural("{n} time", "{n} times", each["rows"])
    where = (
        speak.text("first in row {row} of {file}", row=speak.whole(each["row"]), file=clean(each["file"]))
        if "file" in each
        else ""
    )
    why = (
        speak.text("not counted: {why}", why=speak.word("why_apart", clean(each["why_not"])))
        if each["why_not"]
        else ""
    )
    ends = " – ".join(
        f"{speak.word('id_kind', one['kind'])} {clean(one['id'])}" for one in (each["one"], each["other"])
    )
    return ", ".join(filter(None, (speak.text("{name}: {value}", name=ends, value=rule), times, where, why)))
