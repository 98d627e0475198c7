"""PostHog events: what its snippet and libraries captured, in any of the ways PostHog gives it back.

Exports   Pages of its API, JSON lines, batch exports as JSON lines or Parquet, the list of events as CSV;
          also as gz or zst.
Gives     Page views and leaves with time and depth, captured clicks, changes and submits with selector
          and element facts, vitals, exceptions, scores of surveys; orders by the usual names of events.
          Rage and dead clicks that PostHog saw are rows of their own kinds, never clicks.
Misses    Where on the page a click was, what the page did after it, clicks on what PostHog does not
          capture, the time on a page that was left within a single-page site.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from friction.errors import InputError
from friction.sources.base import InputFile, Options, Reading, Source
from friction.sources.generic import open_table
from friction.sources.posthog_marks import surety
from friction.sources.posthog_plan import plan
from friction.sources.posthog_share import kept_share
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class PostHog(Source):
    """Events of PostHog, from its API, its exports or its pages."""

    name: ClassVar[str] = "posthog"

    def sniff(self, file: InputFile) -> float:
        """Sure by an event's own fields together with PostHog's properties or element chain."""
        return surety(file)

    def read(self, file: InputFile, options: Options) -> Reading:
        """All events. Raises `InputError` when the time, the event or every identity is missing."""
        try:
            table = open_table(file, options.mapping)
            planned = plan(table, options)
            rows, marked = planned.rows()
        except InputError as error:
            error.problem = replace(error.problem, file=file.name)
            raise
        facts: dict[str, Any] = {**table.facts, "time": planned.form.form}
        if rows.records is not None:
            facts["records"] = rows.records
        if (share := kept_share(table)) is not None:
            facts["sampled"] = share
        events = marked.select("row_no", *planned.columns)
        return Reading(
            events, rows.rejects, planned.listed(table), facts, line_of=table.lines_of, marked=marked
        )
