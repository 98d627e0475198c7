"""Hotjar: the list of recordings, one row a session with the marks that Hotjar has set.

Exports   The list of recordings as CSV, also after a spreadsheet has saved it again (other separator, lost encoding,
          columns added by hand).
Gives     Sessions with rage clicks and U-turns as Hotjar counts them, the page they began and ended on, how long they
          were and how many pages they saw, device, the answer to "would you recommend us".
Misses    Every event: on which page of a session the rage was, the list does not say. So it stands for the page the
          session began on. Times carry no zone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

import polars as pl

from friction.sources.base import InputFile, Options
from friction.sources.casts import identity
from friction.sources.counted import CountedSource, Filled, amount, plain, said, sessions, whole
from friction.sources.fields import Fields
from friction.sources.posthog_texts import each, on_distinct
from friction.sources.seen import SURE, seen
from friction.values import dataclass

OWN = {"recording url", "hotjar user id", "action count", "page count"}
_SITE, _RECORDING = re.compile(r"[?&]site=(\w+)"), re.compile(r"[?&]recording=(\w+)")

SIZE = pl.Struct({"w": pl.Int64(), "h": pl.Int64()})


@dataclass(frozen=True, kw_only=True)
class Hotjar(CountedSource):
    """Hotjar's list of recordings, counted by session."""

    name: ClassVar[str] = "hotjar"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {
        "url": ("recording url",),
        "labels": ("labels",),
        "start": ("created",),
        "newness": ("new returning",),
        "visitor": ("hotjar user id",),
        "country": ("country",),
        "actions": ("action count",),
        "pages": ("page count",),
        "duration": ("duration seconds",),
        "device": ("device",),
        "screen": ("device screen size",),
        "browser": ("browser",),
        "os": ("operating system",),
        "referrer": ("referrer url",),
        "landing": ("landing page url",),
        "exit": ("exit page url",),
        "rage": ("rage clicks",),
        "turns": ("u turns",),
        "nps": ("net promoter score", "net promoter score a"),
    }

    def sniff(self, file: InputFile) -> float:
        """Sure by the names of the list."""
        looked = seen(file)
        return SURE if looked.form == "text" and {plain(name) for name in looked.names} >= OWN else 0.0

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - the rows say all
        """One session a row."""
        screen = on_distinct(said("screen"), _sizes, SIZE)
        made = {
            "session_id": each(said("url"), recording),
            "visitor_id": identity(said("visitor")),
            "duration_s": amount("duration"),
            "pages": whole("pages"),
            "actions": whole("actions"),
            "landing_url": said("landing"),
            "exit_url": said("exit"),
            "referrer": said("referrer"),
            "device": said("device").str.to_lowercase(),
            "screen_w": screen.struct.field("w"),
            "screen_h": screen.struct.field("h"),
            "browser": said("browser"),
            "os": said("os"),
            "country": said("country").str.to_uppercase(),
            "returning": said("newness").str.to_lowercase().replace_strict(
                {"new": False, "returning": True}, default=None, return_dtype=pl.Boolean()
            ),
            "rage_clicks": whole("rage"),
            "u_turns": whole("turns"),
            "nps": amount("nps"),
            "recording_url": each(said("url"), bare_link),
            "labels": said("labels").str.split(",").list.eval(pl.element().str.strip_chars()),
        }  # fmt: skip
        return sessions(known, made, self.name, options)


def _sizes(words: pl.Series) -> pl.Series:
    """Width and height of screens like `1440 X 779`."""
    return words.str.extract_groups(r"(?i)^(?<w>\d+)\s*x\s*(?<h>\d+)$").cast(SIZE, strict=False)


def recording(url: str) -> str | None:
    """Site and number of a recording; of other addresses all before the query."""
    site, number = _SITE.search(url), _RECORDING.search(url)
    if number:
        return f"{site[1]}:{number[1]}" if site else number[1]
    return url.partition("?")[0] if "://" in url else url


def bare_link(url: str) -> str | None:
    """The way to the recording, without tokens that open it to anybody; null where it is no web address."""
    if not re.match(r"https?://[\w.-]+/", url):
        return None
    site, number = _SITE.search(url), _RECORDING.search(url)
    known = [f"site={site[1]}" if site else "", f"recording={number[1]}" if number else ""]
    query = "&".join(filter(None, known))
    return url.partition("?")[0].partition("#")[0] + (f"?{query}" if query else "")
