"""Microsoft Clarity: answers of its Data Export API, sums over the last one to three days; its list of recordings.

Exports   The answer as JSON, with up to three dimensions; several, archived day by day. The list of recordings as CSV
          in any language: length, first and last page, pages and clicks of single sessions, without any friction.
Gives     Of how many sessions had rage clicks, dead clicks, quick backs, script errors, error clicks and excessive
          scrolling, by page, device or whatever was asked for; time and scroll depth as means.
Misses    Every event, and the date: it is taken from the name of the file (`2026-03-02.json`, of a window
          `2026-03-01_2026-03-03.json`), else from --since and --until. An answer has at most 1000 rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

import polars as pl

from friction.sources.base import InputFile, Options, Reading
from friction.sources.clarity_list import ClarityList
from friction.sources.counted import CountedSource, Figure, Filled, aggregates, amount, said
from friction.sources.fields import Fields
from friction.sources.seen import SURE, Seen, seen
from friction.tables.archives.walk import SEPARATOR
from friction.tables.jsonl import open_json
from friction.tables.table import Table
from friction.values import dataclass

FRICTION = {
    "deadclickcount": "dead_click",
    "rageclickcount": "rage_click",
    "quickbackclick": "quick_back",
    "excessivescroll": "excessive_scroll",
    "scripterrorcount": "script_error",
    "errorclickcount": "error_click",
}
"""Metric of Clarity → measure. `subTotal` are incidents, `sessionsCount` the sessions that could have had one."""
DIMENSIONS = (
    *("browser", "device", "country", "countryregion", "os", "source", "medium", "campaign", "channel"),
)
LIST = ClarityList()
MOST_ROWS, MOST_DAYS = 1_000, 3
"""Rows of an answer; days that it reaches back."""
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Clarity(CountedSource):
    """Answers of Microsoft Clarity's Data Export API, counted by page."""

    name: ClassVar[str] = "clarity"
    fields: ClassVar[Mapping[str, Sequence[str]]] = {
        "metric": ("metric",),
        "url": ("url",),
        "dims": ("dims",),
        "sessions": ("sessionscount",),
        "percent": ("sessionswithmetricpercentage",),
        "incidents": ("subtotal",),
        "depth": ("averagescrolldepth",),
        "total": ("totaltime",),
        "active": ("activetime",),
        "traffic": ("totalsessioncount",),
        "weight": ("weight",),
    }

    def sniff(self, file: InputFile) -> float:
        """Sure by objects that hold a metric and its rows, and nothing else; of a list by the look of its columns."""
        return SURE if is_answer(seen(file)) else LIST.sniff(file)

    def read(self, file: InputFile, options: Options) -> Reading:
        """The figures of an answer, or the sessions of a list. Raises `InputError` when nothing can be read."""
        return super().read(file, options) if is_answer(seen(file)) else LIST.read(file, options)

    def table(self, file: InputFile, options: Options) -> Table:  # noqa: ARG002 - JSON has no dialect
        """One record a row of a metric."""
        return open_json(file, rows)

    def filled(self, known: Fields, options: Options, file: InputFile) -> Filled:  # noqa: ARG002 - it has no zone
        """Shares and incidents of what is friction, means of time and depth, sessions in all."""
        first, last = period(file.name)
        about = {
            "period_start": pl.lit(first, pl.Date()),
            "period_end": pl.lit(last, pl.Date()),
            "url": said("url"),
            "dims": said("dims"),
        }
        figures = [figure for place in PLACES.items() for figure in _figures(*place)]
        most = known.table.sample.height >= MOST_ROWS
        return aggregates(known, about, figures, self.name, **({"rows_at_limit": True} if most else {}))


PLACES = {
    "page": pl.col("url").is_not_null(),
    "segment": pl.col("url").is_null() & pl.col("dims").is_not_null(),
    "site": pl.col("url").is_null() & pl.col("dims").is_null(),
}


def _figures(basis: str, here: pl.Expr) -> list[Figure]:
    made = []
    for metric, measure in FRICTION.items():
        mine = here & (pl.col("metric") == metric)
        share = pl.when(amount("percent") <= 100).then(amount("percent") / 100)
        made.append(Figure(measure, basis, "share", "sessions", share, amount("sessions"), mine))
        made.append(Figure(measure, basis, "count", "sessions", amount("incidents"), None, mine))
    for measure, unit, metric, label in (
        ("scroll_depth", "pct", "scrolldepth", "depth"),
        ("total_time", "s", "engagementtime", "total"),
        ("active_time", "s", "engagementtime", "active"),
    ):
        mine = here & (pl.col("metric") == metric)
        made.append(Figure(measure, basis, unit, "sessions", amount(label), amount("weight"), mine))
    traffic = here & (pl.col("metric") == "traffic")
    made.append(Figure("sessions", basis, "count", "sessions", amount("traffic"), None, traffic))
    return made


def is_answer(looked: Seen) -> bool:
    """Lists of objects with exactly `metricName` and `information`."""
    documents = [value for value in looked.documents if isinstance(value, list) and value]
    metrics = [one for value in documents for one in value]
    return bool(metrics) and all(
        isinstance(one, dict) and one.keys() == {"metricName", "information"} for one in metrics
    )


def rows(value: Any) -> list[Any] | None:
    """The rows of all metrics, keys in lower case, what is no figure and no page as JSON under `dims`."""
    if not isinstance(value, list) or not all(isinstance(one, dict) and "metricName" in one for one in value):
        return None
    flat = [_row(one["metricName"], row) for one in value for row in _information(one)]
    sessions: dict[Any, Any] = {}
    for name in ("sessionscount", "totalsessioncount"):
        sessions |= {
            _key(row): row[name] for row in flat if isinstance(row, dict) and row.get(name) is not None
        }
    return [row | {"weight": sessions.get(_key(row), 1)} if isinstance(row, dict) else row for row in flat]


def _information(metric: dict[str, Any]) -> list[Any]:
    found = metric.get("information")
    return found if isinstance(found, list) else []


def _row(metric: Any, row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    low = {str(key).lower(): value for key, value in row.items()}
    dims = {key: str(low.pop(key)) for key in DIMENSIONS if low.get(key) not in (None, "")}
    # Of a page that was asked for by device, too, the sessions of all devices are those of the page.
    named = {"dims": json.dumps(dims, sort_keys=True)} if dims and not low.get("url") else {}
    return {**low, **named, "metric": str(metric).lower().replace(" ", "")}


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("url")), str(row.get("dims"))


def period(name: str) -> tuple[date | None, date | None]:
    """First and last day by the name of a file; one date alone is the last of up to three days."""
    found = []
    for part in _DAY.findall(name.rpartition(SEPARATOR)[2]):
        try:
            found.append(date(*map(int, part)))
        except ValueError:
            continue
    if len(found) == 1:
        return found[0] - timedelta(days=MOST_DAYS - 1), found[0]
    return (min(found[:2]), max(found[:2])) if found else (None, None)
