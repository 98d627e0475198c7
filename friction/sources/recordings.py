"""Recordings of PostHog and Sentry, which both record with rrweb.

Exports   PostHog: the page's "export as JSON", lines of its storage, before and since October 2024 (parts of events are
          compressed since). Sentry: segments as the API gives them, or as they are stored.
Gives     Everything that a recording of rrweb gives; of Sentry also its verdicts (slow, dead and repeated clicks) as
          rows of their own kinds, requests, vitals, errors and changes of route.
Misses    PostHog: changes of route within a page, unless recorded. Sentry: words, which it masks by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from friction.sources.rrweb import Rrweb


@dataclass(frozen=True, kw_only=True)
class PostHogRecording(Rrweb):
    """Recordings of PostHog."""

    name: ClassVar[str] = "posthog_recording"


@dataclass(frozen=True, kw_only=True)
class SentryReplay(Rrweb):
    """Recordings of Sentry's Session Replay."""

    name: ClassVar[str] = "sentry"
