"""The sources that come with friction, and how the one for a file is found."""

from __future__ import annotations

import inspect
from pathlib import Path

from friction.errors import InputError
from friction.limits import DEFAULT, Limits
from friction.sources.access_log import AccessLog
from friction.sources.adobe import Adobe
from friction.sources.amplitude import Amplitude
from friction.sources.aws_clickstream import AwsClickstream
from friction.sources.base import InputFile, Source
from friction.sources.canonical import Canonical
from friction.sources.clarity import Clarity
from friction.sources.crm import Crm
from friction.sources.datadog import Datadog
from friction.sources.delighted import Delighted
from friction.sources.fullstory import FullStory
from friction.sources.ga4 import GoogleAnalytics
from friction.sources.generic import Generic
from friction.sources.har import Har
from friction.sources.heap import Heap
from friction.sources.hotjar import Hotjar
from friction.sources.hotjar_survey import HotjarSurvey
from friction.sources.hubspot import HubSpot
from friction.sources.logrocket import LogRocket
from friction.sources.matomo import Matomo
from friction.sources.mixpanel import Mixpanel
from friction.sources.mouseflow import Mouseflow
from friction.sources.openreplay import OpenReplay
from friction.sources.pipedrive import Pipedrive
from friction.sources.plausible import Plausible
from friction.sources.posthog import PostHog
from friction.sources.recordings import PostHogRecording, SentryReplay
from friction.sources.rrweb import Rrweb
from friction.sources.salesforce import Salesforce
from friction.sources.segment import Segment
from friction.sources.snowplow import Snowplow
from friction.sources.survey import Survey
from friction.sources.tickets import Tickets
from friction.sources.typeform import Typeform
from friction.sources.umami import Umami
from friction.sources.zendesk import Zendesk
from friction.tables.files import look

BUILTIN: tuple[Source, ...] = (
    Canonical(),
    Rrweb(),
    PostHog(),
    FullStory(),
    GoogleAnalytics(),
    Segment(),
    Amplitude(),
    Mixpanel(),
    Datadog(),
    Snowplow(),
    AccessLog(),
    Adobe(),
    AwsClickstream(),
    Heap(),
    LogRocket(),
    Matomo(),
    OpenReplay(),
    Har(),
    PostHogRecording(),
    SentryReplay(),
    Hotjar(),
    Clarity(),
    Mouseflow(),
    Plausible(),
    Umami(),
    HotjarSurvey(),
    Delighted(),
    Typeform(),
    Zendesk(),
    Pipedrive(),
    HubSpot(),
    Salesforce(),
    Survey(),
    Tickets(),
    Crm(),
    Generic(),
)
"""Asked in this order; the surest wins, the earlier one among equals."""


def recognise(path: Path, name: str, limits: Limits = DEFAULT) -> tuple[Source, float, InputFile]:
    """The source of this file, how sure that is, and the file as it was looked at. Raises `InputError`
    for none.
    """
    file = look(path, name, limits)
    sure = [(source.sniff(file), source) for source in BUILTIN]
    best, source = max(sure, key=lambda found: found[0])
    if best <= 0:
        raise InputError(
            "input.not_a_table",
            "this is neither a table nor an export that is known here",
            file=name,
            remedy="export the events as CSV with a header line, JSON lines or Parquet",
        )
    return source, best, file


def catalogue() -> list[dict[str, str]]:
    """Every source by name, with its title and its description from the docstrings."""
    found = []
    for source in BUILTIN:
        module = inspect.getdoc(inspect.getmodule(type(source))) or ""
        title = (inspect.getdoc(type(source)) or "").split("\n")[0]
        found.append({"name": source.name, "title": title, "text": module})
    return found
