"""Look-alikes of the exports of other tools, made of one and the same made-up visits.

`EXPORTS` names for every source what writes its files and which steps of a visit they tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cache

from friction.testing.exports import (
    access_log,
    adobe,
    amplitude,
    counted,
    datadog,
    documents,
    flat,
    fullstory,
    ga4,
    listed,
    mixpanel,
    recordings,
    segment,
    snowplow,
)
from friction.testing.exports.visits import Step, steps
from friction.testing.exports.writing import Files
from friction.values import dataclass

VISITS = 4


@dataclass(frozen=True)
class Export:
    """One tool: its files by name, and our kind for each step that they tell."""

    files: Callable[[Sequence[Step]], Files]
    told: Mapping[str, str] = field(default_factory=dict)
    """None where a file tells steps in a way of its own, which tests of the source look at."""
    page: str = "url"
    """What of a page the export tells: `url`, `path` or nothing."""
    clock: str = "ms"
    """How fine its times are: `ms` or `s`."""


EXPORTS: dict[str, Export] = {
    "fullstory": Export(fullstory.files, fullstory.TOLD),
    "ga4": Export(ga4.files, ga4.TOLD),
    "segment": Export(segment.files, segment.TOLD),
    "amplitude": Export(amplitude.files, amplitude.TOLD),
    "adobe": Export(adobe.files, adobe.TOLD, clock="s"),
    "aws_clickstream": Export(flat.aws_files, flat.AWS_TOLD),
    "heap": Export(flat.heap_files, flat.HEAP_TOLD),
    "logrocket": Export(flat.logrocket_files, flat.ROCKET_TOLD),
    "matomo": Export(documents.matomo_files, documents.MATOMO_TOLD, clock="s"),
    "openreplay": Export(documents.openreplay_files, documents.REPLAY_TOLD),
    "har": Export(documents.har_files),
    "posthog_recording": Export(lambda own: recordings.posthog_files(own) | listed.posthog_list(own)),
    "sentry": Export(recordings.sentry_files),
    "access_log": Export(access_log.files),
    "datadog": Export(datadog.files, datadog.TOLD),
    "snowplow": Export(snowplow.files, snowplow.TOLD),
    "mixpanel": Export(mixpanel.files, mixpanel.TOLD, clock="s"),
    "hotjar": Export(listed.hotjar_files),
    "clarity": Export(counted.clarity_files),
    "mouseflow": Export(counted.mouseflow_files),
    "plausible": Export(counted.plausible_files),
    "umami": Export(counted.umami_files),
}


@cache
def made(name: str, visits: int = VISITS) -> Files:
    """The files of one source."""
    return EXPORTS[name].files(steps(visits))
