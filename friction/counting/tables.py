"""The two tables that exports of counts fill, and the measures that are in them.

`SESSION`: one row a session of the tool's list, durations in seconds. `AGGREGATE`: one figure a row, of a period; with
`unit` share the `value` is one of `denominator`, with a unit of time or percent it is a mean over `denominator`, with
count it is a number of incidents. Null means that the tool does not say.
"""

from __future__ import annotations

import polars as pl

from friction.schema import TS, TS_QUALITIES
from friction.values import dataclass

BASES = ("site", "segment", "page", "landing_page", "element")
UNITS = ("count", "share", "ms", "s", "pct")
BASED_ON = ("sessions", "visits", "visitors", "clicks", "page_views")
MARKS: dict[str, str] = {
    "rage_clicks": "rage_click",
    "dead_clicks": "dead_click",
    "error_clicks": "error_click",
    "u_turns": "u_turn",
    "js_errors": "script_error",
}
"""Column of `SESSION` → measure."""
NATURAL = frozenset({"bounce", "exit"})
"""Measures of what happens everywhere: only what goes beyond other places says something."""
MEASURES = frozenset({*MARKS.values(), *NATURAL, "quick_back", "excessive_scroll"})
"""Measures of affected sessions, visits or clicks; all others are means."""

_TEXT, _WHOLE, _REAL = pl.String(), pl.Int64(), pl.Float64()
SESSION = pl.Schema(
    {
        "session_id": _TEXT,
        "source": _TEXT,
        "visitor_id": _TEXT,
        "start": TS,
        "ts_quality": pl.Enum(TS_QUALITIES),
        "tz_assumed": pl.Boolean(),
        **dict.fromkeys(("duration_s", "active_s"), _REAL),
        **dict.fromkeys(("pages", "actions"), _WHOLE),
        **dict.fromkeys(("landing_url", "exit_url", "referrer", "device"), _TEXT),
        **dict.fromkeys(("screen_w", "screen_h"), _WHOLE),
        **dict.fromkeys(("browser", "os", "country"), _TEXT),
        "returning": pl.Boolean(),
        **dict.fromkeys(MARKS, _WHOLE),
        "keypresses": _WHOLE,
        **dict.fromkeys(("vendor_score", "nps"), _REAL),
        "recording_url": _TEXT,
        "labels": pl.List(_TEXT),
        "file_id": pl.UInt32(),
        "row_no": _WHOLE,
    }
)
AGGREGATE = pl.Schema(
    {
        "source": _TEXT,
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "basis": pl.Enum(BASES),
        "url": _TEXT,
        "target": _TEXT,
        "dims": _TEXT,
        "measure": _TEXT,
        "value": _REAL,
        "denominator": _REAL,
        "unit": pl.Enum(UNITS),
        "of": pl.Enum(BASED_ON),
        "file_id": pl.UInt32(),
        "row_no": _WHOLE,
    }
)
"""`dims`: JSON of the kind of visitor, keys sorted; null for all. `period_end` is the last day, both null without."""


@dataclass(frozen=True)
class Counted:
    """What one or more files of counts hold."""

    sessions: pl.DataFrame
    aggregates: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Nothing was counted."""
        return not self.sessions.height and not self.aggregates.height

    @property
    def capabilities(self) -> frozenset[str]:
        """What they can tell, in the words of `schema.CAPABILITIES`."""
        found = {"has_sessions"} if self.sessions.height else set()
        return frozenset(found | ({"has_aggregates"} if self.aggregates.height else set()))

    def numbered(self, file_id: int) -> Counted:
        """The same, of this file."""
        number = pl.lit(file_id, pl.UInt32()).alias("file_id")
        return Counted(self.sessions.with_columns(number), self.aggregates.with_columns(number))

    @staticmethod
    def of(sessions: pl.DataFrame | None = None, aggregates: pl.DataFrame | None = None) -> Counted:
        """Tables with some of the columns, in the full schemas."""
        return Counted(
            conformed(SESSION.to_frame() if sessions is None else sessions, SESSION),
            conformed(AGGREGATE.to_frame() if aggregates is None else aggregates, AGGREGATE),
        )

    @staticmethod
    def together(found: list[Counted]) -> Counted:
        """All as one."""
        sessions = [SESSION.to_frame(), *(one.sessions for one in found)]
        aggregates = [AGGREGATE.to_frame(), *(one.aggregates for one in found)]
        return Counted(pl.concat(sessions), pl.concat(aggregates))


def conformed(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The columns of `schema` in its types; missing ones are null, values that do not fit become null."""
    return frame.select(
        (pl.col(name).cast(dtype, strict=False) if name in frame.columns else pl.lit(None, dtype)).alias(name)
        for name, dtype in schema.items()
    )
