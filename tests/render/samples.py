"""Reports for the tests of the page: one with a point of every kind, a long one, a hostile one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from friction.report import (
    Around,
    Candidate,
    DetectorRun,
    Evidence,
    FormField,
    Funnel,
    FunnelStep,
    PassedOver,
    Range,
    Report,
    Segment,
    Series,
    SeriesChange,
    TrendPoint,
    Window,
)
from friction.tallies import Agreement, Average, Count, CountedSession, Marks, Tally
from tests.reports import EUROS, impact, moment, point, report

AROUND = [
    Around(-9000, 4000, "input", "card", 3, 40),
    Around(-5000, 0, "invalid", "card", 1, 41),
    *(Around(200 * n, 0, "click", "Pay now", 1, 50 + n) for n in range(5)),
    Around(1500, 300, "scroll", None, 4, 60),
    Around(2000, 0, "error", None, 1, 61),
    Around(3000, 0, "submit", None, 1, 62),
    Around(3100, 0, "request", None, 1, 63),
    Around(4000, 0, "page_leave", "/checkout/payment", 1, 64),
    Around(4001, 0, "page_view", "/thanks", 1, 65),
    Around(4100, 0, "conversion", "/thanks", 1, 66),
]
SEGMENTS = [
    Segment("device", "mobile", 400, 1900, 1.9),
    Segment("release", "2.31", 50, 60, 349.0),
    Segment("country", "NL", 11, 60, 1.2),
]
FIELDS = [FormField("phone", 711, 48, 982.4, 337), FormField("zip", 745, 0, None, 0)]
_RATED = {
    "views": 6057,
    "p75": 4300.0,
    "low": 4200.0,
    "high": 4400.0,
    "rating": "poor",
    "shares": [0.5, 0.2, 0.3],
}
BINS = [[800.0 * 1.2214**n, 40 * n] for n in range(1, 12)]
RATINGS = {
    "lcp_ms": {"all": {**_RATED, "bins": BINS, "limits": [2500, 4000]}, "mobile": _RATED},
    "cls": {"all": {**_RATED, "p75": 0.31, "low": 0.3, "high": 0.32}},
}


def days(number: int = 42) -> list[TrendPoint]:
    first = date(2026, 10, 1)
    return [
        TrendPoint(str(first + timedelta(days=n)), 130 + n % 7, 10 + n % 5 + n // 9) for n in range(number)
    ]


def shown(**more: Any) -> Evidence:
    return replace(moment(), around=AROUND, **more)


def every_kind() -> Report:
    """A point of each kind, and something to say in every section."""
    points = [
        point(
            1,
            impact(naive=32.0, revenue=EUROS, ranks=[1, 2], odds_to_fall=1.31),
            label="Pay now",
            trend=days(),
            segments=SEGMENTS,
            evidence=[shown()],
        ),
        point(
            2,
            impact(33.0, 15.0, 52.0, naive=-900.0, confidence="medium"),
            detector="form_abandonment",
            target="form#address",
            fields=FIELDS,
            trend=days(9),
        ),
        point(
            3,
            impact(10.4, -2.0, 22.0, confidence="low", e_value=None),
            detector="slow_page",
            target=None,
            facts={"ratings": RATINGS},
            evidence=[],
        ),
        point(
            4,
            impact(0.3, 0.1, 2.0, confidence="medium"),
            detector="dropoff_spike",
            target=None,
            window=Window("2026-10-08T00:00:00Z", None, 0.14, 0.75),
            trend=days(20),
        ),
        point(5, impact(-2.0, -5.0, 0.4, confidence="low"), detector="dead_click", label="Your free gift"),
        point(
            6, impact(None, None, None, reason="too_few_exits"), rank=None, detector="quick_back", target=None
        ),
    ]
    steps = [FunnelStep("", 48212), FunnelStep("/cart", 6702), FunnelStep("event=purchase", 1300)]
    base = report(*points, funnels=[Funnel("event=purchase", "proposed", steps)], series=watched())
    runs = [
        *base.detectors,
        DetectorRun("error_click", None, {}, "failed", "KeyError", 0),
        DetectorRun("slow_page", None, {}, "skipped", "needs has_perf|has_vitals, has_page_views", 0),
    ]
    passed = [PassedOver("exports.zip", "encrypted", 2, "a.csv")]
    return replace(base, detectors=runs, input=replace(base.input, passed_over=passed))


def watched() -> list[Series]:
    """A step that lost more for a while, a point that got better, a campaign that is no alarm, and a quiet page."""
    start, end = "2026-10-12T08:00:00Z", "2026-10-14T20:00:00Z"
    safari = [Segment("browser", "Safari", 420, 700, 2.1)]
    rise = ("spike", start, end, 3_000, 1_200, 640.0, 0.21, 0.4, Range(1.9, 1.7, 2.1), 1e-9, 1e-8)
    fall = ("fall", start, None, 9_000, 180, 720.0, 0.08, 0.02, Range(0.25, 0.2, 0.3), 1e-9, 1e-8)
    spike = SeriesChange(*rise, safari)  # type: ignore[arg-type]
    campaign = SeriesChange(*rise, [], "other_visitors")  # type: ignore[arg-type]
    better = SeriesChange(*fall, [])  # type: ignore[arg-type]
    page = "/checkout/payment"
    return [
        Series("step", page, None, None, "hour", 52_000, 11_000, 0.31, None, [spike]),
        Series("rage_click", page, None, f"{1:016x}", "hour", 41_000, 3_000, 0.6, None, [better]),
        Series("exits", "/", None, None, "hour", 90_000, 30_000, 0.24, None, [campaign]),
        Series("exits", "/cart", None, None, "day", 400, 0, None, "no_exits", []),
    ]


def without_goal() -> Report:
    cost = impact(120.0, 60.0, 190.0, metric="extra_exits", naive=80.0)
    return report(
        point(1, cost), goal=None, goals=[], candidates=[Candidate("event=order_placed", 812, "event_name")]
    )


def nothing() -> Report:
    return report(suppressed=[], quality=[])


def tallied() -> Report:
    """No single event: what two tools counted, and the marks of a third."""
    session = CountedSession(
        "7:9",
        "2026-10-01T08:00:00.000Z",
        3,
        86.0,
        "https://insights.example/r?site=7&recording=9",
        "list.csv",
        4,
    )
    hotjar = Tally(
        source="hotjar",
        form="sessions",
        records=300,
        sessions=300,
        start="2026-10-01T08:00:00.000Z",
        end="2026-10-03T09:00:00.000Z",
        counts=[count(1, "rage_click", "/cart", 61, 200, basis="landing_page", evidence=[session])],
        overall=[
            replace(count(None, "bounce", None, 20, 100, basis="segment"), segment={"device": "mobile"})
        ],
        averages=[Average("duration", "landing_page", "/cart", None, {}, 68.2, "s", 200.0, "sessions")],
        caveats=["page_of_entry", "zone_assumed"],
    )
    elements = [
        replace(count(1, "rage_click", "/pay", 20, 400, basis="element"), target="button#pay", of="clicks")
    ]
    mouseflow = replace(
        hotjar, source="mouseflow", form="aggregates", sessions=None, counts=elements, start=None, end=None
    )
    marks = [
        Marks(
            "fullstory", "error", "error_click", "friction", None,
            Agreement(900, 80, 60, 40, 0.4), Agreement(90, 30, 20, 10, 0.25),
        ),
        Marks(
            "fullstory", "dead", "dead_click", "friction", "needs has_dom_reaction",
            Agreement(900, 80, None, None, None), Agreement(90, 30, None, None, None),
        ),
    ]  # fmt: skip
    base = report()
    runs = [DetectorRun("rage_click", None, {}, "skipped", "needs has_clicks", 0)]
    read = replace(base.input, events=0, sessions=0, start=None, end=None)
    return replace(
        base,
        input=read,
        goal=None,
        goals=[],
        detectors=runs,
        points=[],
        counted=[hotjar, mouseflow],
        marks=marks,
    )


def count(rank: int | None, measure: str, page: str | None, k: int, n: int, **more: Any) -> Count:
    """One count, clearly more than elsewhere."""
    members: dict[str, Any] = {"target": None, "segment": {}, "of": "sessions", "basis": "page"} | more
    return Count(
        rank=rank,
        id="0123456789abcdef",
        measure=measure,
        page=page,
        exposed=n,
        affected=k,
        share=k / n,
        low=k / n - 0.04,
        high=k / n + 0.05,
        incidents=2 * k,
        elsewhere=0.1,
        extra=float(k),
        q_value=0.01,
        standing="above",
        **members,
    )


def long(points: int = 200) -> Report:
    """As long as reports get: everything is known of every point."""
    made = []
    for number in range(1, points + 1):
        cost = impact(900.0 / number, 300.0 / number, 1500.0 / number, naive=1000.0 / number, revenue=EUROS)
        kind = ("rage_click", "dead_click", "error_click", "form_abandonment", "slow_page")[number % 5]
        made.append(
            point(
                number,
                cost,
                detector=kind,
                page=f"/a/rather/long/page/of/the/shop/{number}/:id",
                target=f"main > section:nth-of-type({number}) > form > button[name='continue-to-payment']",
                label="Continue to payment",
                trend=days(92),
                segments=SEGMENTS,
                fields=FIELDS * 4 if kind == "form_abandonment" else [],
                facts={"ratings": RATINGS} if kind == "slow_page" else {},
                evidence=[shown(session_id=f"session-{number}-{n}") for n in range(5)],
            )
        )
    return report(*made)


HOSTILE = (
    "</style><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x00\x1b[2J\u202e${7*7}{{7*7}}|`_*["
)
KEPT = frozenset(
    {
        "status",
        "verdict",
        "confidence",
        "metric",
        "effort",
        "schema_version",
        "sha256",
        "kind",
        "origin",
        "parameters",
    }
)
"""Members that are words of the schema, or none of ours to break."""


def poisoned(value: Any, name: str = "") -> Any:
    """The same value with a hostile text in the place of every text that a file or a report could bring along."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: poisoned(getattr(value, each.name), each.name) for each in fields(value)}
        )
    if isinstance(value, list):
        return [poisoned(each, name) for each in value]
    if isinstance(value, dict):
        return {
            f"{HOSTILE}{key}" if name == "score_parts" else key: poisoned(each, key)
            for key, each in value.items()
        }
    return HOSTILE if isinstance(value, str) and name not in KEPT else value


def hostile() -> Report:
    """Every text is an attack, once with detectors that are known and so drawn in full."""
    base = every_kind()
    bad = poisoned(base)
    bad = replace(bad, counted=poisoned(tallied().counted), marks=poisoned(tallied().marks))
    points = [replace(new, detector=old.detector) for new, old in zip(bad.points, base.points, strict=True)]
    kinds = [
        replace(
            each,
            evidence=[replace(e, around=[replace(a, what=HOSTILE) for a in AROUND]) for e in each.evidence],
        )
        for each in points
    ]
    found: Report = replace(bad, points=kinds)
    return found
