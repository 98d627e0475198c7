"""The report: the ranked friction points of one analysis, as small frozen values.

Shares lie in 0–1, times are ISO 8601 text in UTC, durations are in the unit their name says. `null` means "cannot be
said", never zero. The same input, configuration and version give the same bytes (`Report.to_json`).
This module loads without Polars: the command line and the service read reports, they do not compute them.
"""

from __future__ import annotations

from friction.report.again import again
from friction.report.evidence import (
    Around,
    Evidence,
    Rows,
)
from friction.report.goals import (
    Candidate,
    Day,
    Earned,
    Funnel,
    FunnelStep,
    Goal,
    PageSeen,
)
from friction.report.impacts import (
    Confidence,
    Impact,
    Metric,
    Money,
    Precision,
    Range,
)
from friction.report.inputs import (
    LOSSES,
    DetectorRun,
    Excluded,
    FileBooks,
    Input,
    PassedOver,
    Privacy,
    Quality,
    Reject,
    RejectCount,
)
from friction.report.points import (
    FormField,
    LookAlikes,
    Point,
    Rare,
    Recommendation,
    Segment,
    Suppressed,
    TrendPoint,
    Window,
    leading,
    parts_of,
)
from friction.report.series import (
    Series,
    SeriesChange,
)
from friction.report.whole import (
    SCHEMA_VERSION,
    Report,
    json_schema,
    rounded,
    uncollected,
)

__all__ = [
    "LOSSES",
    "SCHEMA_VERSION",
    "Around",
    "Candidate",
    "Confidence",
    "Day",
    "DetectorRun",
    "Earned",
    "Evidence",
    "Excluded",
    "FileBooks",
    "FormField",
    "Funnel",
    "FunnelStep",
    "Goal",
    "Impact",
    "Input",
    "LookAlikes",
    "Metric",
    "Money",
    "PageSeen",
    "PassedOver",
    "Point",
    "Precision",
    "Privacy",
    "Quality",
    "Range",
    "Rare",
    "Recommendation",
    "Reject",
    "RejectCount",
    "Report",
    "Rows",
    "Segment",
    "Series",
    "SeriesChange",
    "Suppressed",
    "TrendPoint",
    "Window",
    "again",
    "json_schema",
    "leading",
    "parts_of",
    "rounded",
    "uncollected",
]
