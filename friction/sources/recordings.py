"""Recordings of PostHog and Sentry, which both record with rrweb.

Exports   PostHog: the page's "export as JSON", lines of its storage, before and since October 2024 (parts of events are
          compressed since), and the list of recordings that its interface gives, which holds counts alone. Sentry:
          segments as the API gives them, or as they are stored.
Gives     Everything that a recording of rrweb gives; of Sentry also its verdicts (slow, dead and repeated clicks) as
          rows of their own kinds, requests, vitals, errors and changes of route.
Misses    PostHog: changes of route within a page, unless recorded. Sentry: words, which it masks by default.
"""

from __future__ import annotations

from typing import ClassVar

from friction.sources.base import InputFile, Options, Reading
from friction.sources.posthog_list import PostHogList
from friction.sources.rrweb import Rrweb
from friction.values import dataclass

LIST = PostHogList()


@dataclass(frozen=True, kw_only=True)
class PostHogRecording(Rrweb):
    """Recordings of PostHog."""

    name: ClassVar[str] = "posthog_recording"

    def sniff(self, file: InputFile) -> float:
        """A recording, or the list of them that the interface gives."""
        return LIST.sniff(file) or super().sniff(file)

    def read(self, file: InputFile, options: Options) -> Reading:
        """The events of recordings; of the list what PostHog counted."""
        return LIST.read(file, options) if LIST.sniff(file) else super().read(file, options)


@dataclass(frozen=True, kw_only=True)
class SentryReplay(Rrweb):
    """Recordings of Sentry's Session Replay."""

    name: ClassVar[str] = "sentry"
