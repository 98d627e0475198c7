"""PostHog's list of recordings, as its interface gives it: what PostHog counted in each, without the recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from friction.sources.base import InputFile, Options
from friction.sources.casts import identity
from friction.sources.counted import CountedSource, Filled, amount, said, sessions, whole
from friction.sources.fields import Fields
from friction.sources.seen import SURE, Record, seen
from friction.values import dataclass

OWN = {"start_url", "recording_duration", "click_count"}


@dataclass(frozen=True, kw_only=True)
class PostHogList(CountedSource):
    """PostHog's list of recordings, counted by session."""

    name: ClassVar[str] = "posthog_recording"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {
        "id": ("id", "session id"),
        "start": ("start time",),
        "visitor": ("distinct id",),
        "duration": ("recording duration",),
        "active": ("active seconds",),
        "clicks": ("click count",),
        "keys": ("keypress count",),
        "errors": ("console error count",),
        "landing": ("start url",),
    }

    def sniff(self, file: InputFile) -> float:
        """Sure by the counts of a recording beside the address it began on."""
        return SURE if seen(file).surety(is_listed) else 0.0

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - the rows say all
        """One session a row; durations are seconds."""
        made = {
            "session_id": identity(said("id")),
            "visitor_id": identity(said("visitor")),
            "duration_s": amount("duration"),
            "active_s": amount("active"),
            "actions": whole("clicks"),
            "keypresses": whole("keys"),
            "js_errors": whole("errors"),
            "landing_url": said("landing"),
        }
        return sessions(known, made, self.name, options)


def is_listed(record: Record) -> bool:
    """Whether a record is one of the list."""
    return set(record) >= OWN
