"""Mouseflow: lists of recordings, and what its link analytics count on the elements of a page.

Exports   Answers of the REST interface (`recordings`, `link-analytics`) as JSON, lists of recordings as CSV. Names have
          changed between versions and no header of the CSV is documented, so columns are found by several names each.
Gives     Sessions tagged with rage clicks and error clicks, how long they were, the page they began on, the friction
          score; of elements how many clicks were rage or met an error, and how long people hesitated before them.
Misses    Every event, and the page of a link analysis unless the answer repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import polars as pl

from friction.recordings.masking import masked
from friction.sources.base import InputFile, Options
from friction.sources.casts import identity
from friction.sources.counted import (
    CountedSource,
    Figure,
    Filled,
    aggregates,
    amount,
    clock,
    plain,
    ratio,
    said,
    sessions,
    whole,
)
from friction.sources.fields import Fields
from friction.sources.generic import open_table
from friction.sources.posthog_texts import each
from friction.sources.seen import SURE, Seen, seen
from friction.tables.jsonl import looks_like_json, open_json
from friction.tables.table import Table
from friction.values import dataclass

TAGS = {"click-rage": "rage", "click-error": "errors", "js-error": "scripts"}
"""Mouseflow's own tags → label of their count."""
LIST = {"entry page", "pages", "duration"}
STARTS = ("created", "startTime", "start", "recordedAt", "date")


@dataclass(frozen=True, kw_only=True)
class Mouseflow(CountedSource):
    """Recordings and link analytics of Mouseflow, counted by session or element."""

    name: ClassVar[str] = "mouseflow"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {
        "id": ("id", "recordingid", "recording id", "session id", "link", "recording"),
        "start": ("started", "created", "starttime", "start time", "recorded", "date"),
        "visitor": ("visitorid", "visitor id", "userid", "user id", "visitor"),
        "duration": ("duration",),
        "engaged": ("engagementtime", "engagement time"),
        "pages": ("pages", "pageviews", "page views"),
        "landing": ("entrypage", "entry page", "landing page"),
        "exit": ("exitpage", "exit page"),
        "referrer": ("referrer",),
        "device": ("device", "device type"),
        "browser": ("browser",),
        "os": ("os", "operating system"),
        "country": ("country",),
        "score": ("friction", "frictionscore", "friction score"),
        "tags": ("tags",),
        "rage": ("rage",),
        "errors": ("errors",),
        "scripts": ("scripts",),
        "url": ("pageurl",),
        "element": ("element",),
        "clicks": ("clicks",),
        "click_rages": ("clickrages",),
        "click_errors": ("clickerrors",),
        "clicking": ("clickingvisitors",),
        "hovering": ("hoveringvisitors",),
        "hover": ("hovertime",),
        "before_hover": ("timebeforehover",),
        "before_click": ("timebeforeclick",),
    }

    def sniff(self, file: InputFile) -> float:
        """Sure by the answer of the interface; fairly by the columns of a list."""
        looked = seen(file)
        if any(_is_answer(value) for value in looked.documents):
            return SURE
        return 0.9 if _is_list(looked) else 0.0

    def table(self, file: InputFile, options: Options) -> Table:
        """One record a recording or an element."""
        return open_json(file, records) if looks_like_json(file.head) else open_table(file, options.mapping)

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - the rows say all
        """Elements where there are clicks of elements, else sessions."""
        return self._elements(known) if known.knows("click_rages") else self._sessions(known, options)

    def _elements(self, known: Fields) -> Filled:
        about = {"url": said("url"), "target": each(said("element"), masked)}
        rage, error = ratio("click_rages", "clicks"), ratio("click_errors", "clicks")
        figures = [
            Figure("rage_click", "element", "share", "clicks", rage, amount("clicks")),
            Figure("rage_click", "element", "count", "clicks", amount("click_rages")),
            Figure("error_click", "element", "share", "clicks", error, amount("clicks")),
            Figure("error_click", "element", "count", "clicks", amount("click_errors")),
            Figure("hover_time", "element", "ms", "visitors", amount("hover"), amount("hovering")),
            Figure(
                "time_before_hover", "element", "ms", "visitors", amount("before_hover"), amount("hovering")
            ),
            Figure(
                "time_before_click", "element", "ms", "visitors", amount("before_click"), amount("clicking")
            ),
        ]
        return aggregates(known, about, figures, self.name)

    def _sessions(self, known: Fields, options: Options) -> Filled:
        is_answer = known.table.facts["format"] in {"json", "jsonl"}
        duration = amount("duration") / 1_000 if is_answer else length("duration")
        made = {
            "session_id": identity(said("id")),
            "visitor_id": identity(said("visitor")),
            "duration_s": duration,
            "active_s": amount("engaged") / 1_000,
            "pages": whole("pages"),
            "landing_url": said("landing"),
            "exit_url": said("exit"),
            "referrer": said("referrer"),
            "device": said("device").str.to_lowercase(),
            "browser": said("browser"),
            "os": said("os"),
            "country": said("country").str.to_uppercase(),
            "vendor_score": amount("score"),
            "rage_clicks": _tagged(known, "rage", "click-rage"),
            "error_clicks": _tagged(known, "errors", "click-error"),
            "js_errors": _tagged(known, "scripts", "js-error"),
        }
        # The interface speaks UTC without saying so.
        options = replace(options, tz="UTC") if is_answer else options
        guessed = (
            {} if is_answer else {"guessed": "columns by their names, durations as seconds or clock times"}
        )
        return sessions(known, made, self.name, options, **guessed)


def _tagged(known: Fields, label: str, tag: str) -> pl.Expr:
    """How often, where the file counts it; else whether the session bears the tag."""
    if known.knows(label):
        return whole(label)
    if not known.knows("tags"):
        return pl.lit(None, pl.Int64())
    return pl.col("tags").fill_null("").str.contains(tag, literal=True).cast(pl.Int64())


def length(label: str) -> pl.Expr:
    """Seconds, from a number of them or a time like `3:20` or `1:03:20`."""
    return pl.coalesce(amount(label), clock(label))


def _is_answer(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    recording, target = _first(value.get("recordings")), _first(_targets(value))
    is_list = recording is not None and {"engagementTime", "pages"} <= recording.keys()
    return is_list or (target is not None and "clickRages" in target)


def _first(found: Any) -> dict[str, Any] | None:
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else None


def _targets(value: dict[str, Any]) -> list[Any] | None:
    """The elements of a link analysis, also inside `data`, each with the page it is of where that is said."""
    pages = value.get("data") if isinstance(value.get("data"), list) else [value]
    found: list[Any] = []
    for page in pages or ():
        targets = page.get("targets") if isinstance(page, dict) else None
        url = (
            next((page[key] for key in ("url", "displayUrl", "page") if page.get(key)), None)
            if targets
            else None
        )
        for one in targets if isinstance(targets, list) else ():
            name = (
                next((one[k] for k in ("path", "selector", "id", "name", "text") if one.get(k)), None)
                if isinstance(one, dict)
                else None
            )
            found.append({**one, "pageUrl": url, "element": name} if isinstance(one, dict) else one)
    return found or None


def _is_list(looked: Seen) -> bool:
    names = {plain(name) for name in looked.names}
    return looked.form == "text" and names >= LIST and bool(names & {"friction", "friction score", "rage"})


def records(value: Any) -> list[Any] | None:
    """Recordings with the counts of their tags and the time they began, or the elements of a link analysis."""
    if not isinstance(value, dict):
        return None
    recordings = value.get("recordings")
    return [_recording(one) for one in recordings] if isinstance(recordings, list) else _targets(value)


def _recording(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    views = [view for view in one.get("pageViews") or () if isinstance(view, dict)]
    tags = [tag for tag in one.get("tags") or () if isinstance(tag, str)]
    counted = (
        {label: _times(tag, tags, views) for tag, label in TAGS.items()} if "tags" in one or views else {}
    )
    times = [str(view["startTime"]) for view in views if view.get("startTime")]
    started = next((one[key] for key in STARTS if one.get(key)), min(times, default=None))
    plain_ = {key: each_ for key, each_ in one.items() if not isinstance(each_, (dict, list))}
    return {**plain_, **counted, "started": started}


def _times(tag: str, tags: Sequence[str], views: Sequence[Mapping[str, Any]]) -> int:
    """Page views that bear the tag; at least one where the session does."""
    found = sum(tag in (view.get("tags") or ()) for view in views)
    return max(found, int(tag in tags))
