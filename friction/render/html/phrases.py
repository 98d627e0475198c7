"""Sentences of the page, in one language: numbers with their range, times, events, what a file lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from friction.i18n import N_, Language, advice_of, title
from friction.i18n.points import TITLES
from friction.render.safe import clean
from friction.render.words import TOO_RARE, amount, money
from friction.report import Around, Impact, Money, Point, Range, Recommendation, Report
from friction.values import dataclass

EVENTS: dict[str, tuple[str, str]] = {
    "input": (N_("typing in {what}"), N_("typing")),
    "change": (N_("change of {what}"), N_("change of a field")),
    "select": (N_("choice in {what}"), N_("choice")),
    "submit": (N_("{what} is sent"), N_("form is sent")),
    "invalid": (N_("{what} is refused"), N_("entry is refused")),
    "copy": (N_("copying from {what}"), N_("copying")),
    "paste": (N_("pasting into {what}"), N_("pasting")),
    "click": (N_("click on {what}"), N_("click")),
    "dblclick": (N_("double click on {what}"), N_("double click")),
    "contextmenu": (N_("right click on {what}"), N_("right click")),
    "scroll": (N_("scrolling"), N_("scrolling")),
    "scroll_end": (N_("scrolling"), N_("scrolling")),
    "request": (N_("request"), N_("request")),
    "error": (N_("script error"), N_("script error")),
    "console": (N_("message in the console"), N_("message in the console")),
    "page_view": (N_("page {what}"), N_("page view")),
    "route_change": (N_("page {what}"), N_("page view")),
    "page_leave": (N_("leaves {what}"), N_("leaves the page")),
    "conversion": (N_("goal reached on {what}"), N_("goal reached")),
}
LANE = {
    "input": N_("Input"),
    "click": N_("Clicks"),
    "scroll": N_("Scrolling"),
    "request": N_("Requests"),
    "page": N_("Page"),
}
EXPORT = {
    "has_page_views": N_("page views with their address"),
    "has_clicks": N_("clicks with the element that was clicked"),
    "has_selector": N_("the selector or the text of the clicked element"),
    "has_coords": N_("the position of clicks"),
    "has_dom_reaction": N_("recordings (rrweb), or how long the page took to react to a click"),
    "has_inputs": N_("changes of form fields, without what was typed"),
    "has_form_submit": N_("the sending of forms"),
    "has_scroll": N_("scroll events"),
    "has_perf": N_("loading times of pages"),
    "has_vitals": N_("Web Vitals"),
    "has_errors": N_("script errors"),
    "has_requests": N_("requests of the page with their status"),
    "has_conversion": N_("the event that counts as a success"),
    "has_order": N_("times with milliseconds"),
    "has_moves": N_("mouse movements"),
    "has_keys": N_("key presses, without the key"),
    "has_user_id": N_("a pseudonymous id of the visitor"),
    "has_feedback": N_("answers to surveys"),
    "has_vendor_flags": N_("the vendor’s own verdicts"),
}
METRIC = {
    "load_ms": N_("loaded"),
    "ttfb_ms": N_("first byte"),
    "fcp_ms": N_("first content"),
    "lcp_ms": N_("largest content"),
    "inp_ms": N_("reaction to input"),
    "cls": N_("layout shift"),
}
MOST_TIMES = 100
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Phrases:
    """What the templates call; `zone` is that of days and hours."""

    speak: Language
    zone: str
    currency: str | None

    def title(self, point: Point) -> str:
        """What happens, with the element as people see it where that is known."""
        if point.detector not in TITLES:
            return clean(point.title)
        return clean(title(point.detector, point.page, point.label or point.target, self.speak), 300)

    def advice(self, point: Point) -> Recommendation:
        return advice_of(point, self.speak)

    def amount(self, impact: Impact) -> str:
        """`about 41`, or that it cannot be said."""
        if impact.estimate is None:
            return self.speak.text(TOO_RARE)
        if impact.high is not None and self.is_bound(impact):
            return self.speak.text("up to {high}", high=self.speak.whole(max(impact.high, 1)))
        return amount(impact, self.speak)

    def is_bound(self, impact: Impact) -> bool:
        """Whether only the upper end bears reading, since there are too few conversions for a figure."""
        return getattr(impact, "says", "figure") == "upper_end"

    def amount_of(self, impact: Impact) -> str:
        """`about 41 conversions`."""
        if impact.estimate is None:
            return self.speak.text(TOO_RARE)
        n = round(impact.estimate)
        if impact.high is not None and self.is_bound(impact):
            most = max(round(impact.high), 1)
            return self.speak.plural("up to {n} conversion", "up to {n} conversions", most)
        if getattr(impact, "says", "figure") == "rough":
            n = round(float(f"{impact.estimate:.1g}"))
        if abs(impact.estimate) < 1:
            if impact.metric == "lost_conversions":
                return self.speak.text("less than one conversion")
            return self.speak.text("less than one extra exit")
        if impact.metric == "lost_conversions":
            return self.speak.plural("about {n} conversion", "about {n} conversions", n)
        return self.speak.plural("about {n} extra exit", "about {n} extra exits", n)

    def range(self, impact: Impact) -> str:
        """`between 22 and 63`, `perhaps none, up to 22`; empty where there is no estimate."""
        low, high = impact.low, impact.high
        if low is None or high is None:
            return ""
        if self.is_bound(impact):
            return self.speak.text("too few conversions for a figure")
        if low > 0:
            if not round(low) or round(low) == round(high):
                return self.speak.text("at most {high}", high=self.speak.whole(max(round(high), 1)))
            return self.speak.between(low, high)
        if high < 1:
            return self.speak.text("perhaps none")
        return self.speak.text("perhaps none, up to {high}", high=self.speak.whole(high))

    def full_range(self, impact: Impact) -> str:
        """For a point by itself: `between −2 and 22: it may cost nothing`."""
        if impact.low is None or impact.high is None:
            return ""
        low, high = (self.speak.whole(end) for end in (impact.low, impact.high))
        if impact.low > 0 or low == high or self.is_bound(impact):
            return self.range(impact)
        return self.speak.text("between {low} and {high}: it may cost nothing", low=low, high=high)

    def money(self, range_: Range) -> str:
        return money(range_, self.currency, self.speak)

    def sums(self, sums: Sequence[Money]) -> str:
        """One for each currency."""
        return f"{self.speak.text(';')} ".join(money(each, each.currency, self.speak) for each in sums)

    def share(self, point: Point) -> str:
        return self.speak.percent(point.affected_share)

    def lack(self, reason: str | None) -> str:
        """`needs has_errors, has_a|has_b` as what is missing: `errors; a or b`."""
        return self._needed(reason, "capability")

    def remedy(self, reason: str | None) -> str:
        """What to export so that the detector can run."""
        words = [part.split("|") for part in _codes(reason)]
        known = [
            self.speak.text(" or ").join(self.speak.text(EXPORT[code]) for code in codes if code in EXPORT)
            for codes in words
        ]
        return self.speak.listed([each for each in known if each])

    def _needed(self, reason: str | None, group: str) -> str:
        said = [
            self.speak.text(" or ").join(self.speak.word(group, clean(code)) for code in part.split("|"))
            for part in _codes(reason)
        ]
        return self.speak.listed(said) or clean(reason or "")

    def when(self, text: str) -> str:
        """A moment in the project's zone; what is no time is shown as it is."""
        try:
            return clean(self.speak.moment(text, self.zone))
        except ValueError:
            return clean(text)

    def day(self, text: str) -> str:
        """A day in short."""
        try:
            return clean(self.speak.day(text))
        except ValueError:
            return clean(text)

    def span(self, start: str | None, end: str | None) -> str:
        """`3 March 2025 to 13 April 2025`."""
        if not (start and end and DAY.match(start) and DAY.match(end)):
            return ""
        try:
            return self.speak.text("{start} to {end}", start=self.speak.date(start), end=self.speak.date(end))
        except ValueError:
            return ""

    def times(self, lift: float) -> str:
        """`×1.4`, `> ×100`."""
        if lift > MOST_TIMES:
            return f">\N{NO-BREAK SPACE}×{MOST_TIMES}"
        return f"×{self.speak.decimal(max(lift, 0.01), 2)}"

    def chance(self, share: float) -> str:
        """A small share in percent, never less than a thousandth."""
        few = self.speak.percent(max(share, 0.001))
        return f"<\N{NO-BREAK SPACE}{few}" if share < 0.001 else few

    def file(self, name: str) -> str:
        """A file as it is called; of a path from the root only its last part, for the page is handed on."""
        path, arrow, member = name.partition(" › ")
        bare = re.split(r"[/\\]", path)[-1] if re.match(r"[/\\]|[A-Za-z]:", path) else path
        return clean(bare + arrow + member, 120)

    def offset(self, seconds: float) -> str:
        """Time from the beginning of a moment: `−20 s`, `+0.2 s`."""
        if not seconds:
            return "0\N{NO-BREAK SPACE}s"
        sign = "+" if seconds > 0 else "\N{MINUS SIGN}"
        return f"{sign}{self.speak.decimal(abs(seconds), 3)}\N{NO-BREAK SPACE}s"

    def event(self, each: Around) -> str:
        """`click on “Pay now”`."""
        with_what, without = EVENTS.get(each.kind, ("", ""))
        if not with_what:
            return clean(each.kind)
        if each.what is None:
            return self.speak.text(without)
        is_click = each.kind in {"click", "dblclick", "contextmenu"}
        what = self.quoted(each.what) if is_click else clean(each.what, 80)
        return self.speak.text(with_what, what=what)

    def kind(self, kind: str) -> str:
        return self.speak.text(EVENTS[kind][1]) if kind in EVENTS else clean(kind)

    def lane(self, lane: str) -> str:
        return self.speak.text(LANE[lane])

    def quoted(self, text: str) -> str:
        """A text of the page, in the language's quotation marks."""
        return self.speak.text("“{text}”", text=self.short(text))

    def short(self, text: str) -> str:
        return clean(text, 40)

    def metric(self, name: str) -> str:
        return self.speak.text(METRIC[name]) if name in METRIC else clean(name)

    def measure(self, name: str, value: float) -> str:
        """A timing in seconds; the layout shift has no unit."""
        return self.speak.decimal(value, 2) if name == "cls" else self.speak.duration(value / 1000)


def phrases(report: Report, speak: Language) -> Phrases:
    """Those of one report."""
    return Phrases(speak, _zone(report), report.goal.currency if report.goal else None)


def _zone(report: Report) -> str:
    """The zone of days and hours, as far as this machine knows it."""
    from zoneinfo import ZoneInfo

    name = (report.settings.get("time") or {}).get("zone") or "UTC"
    try:
        return ZoneInfo(str(name)).key
    except (ValueError, OSError):  # a report may be anybody's
        return "UTC"


def _codes(reason: str | None) -> list[str]:
    """`needs a, b|c` → `a`, `b|c`."""
    return [part for part in (reason or "").removeprefix("needs ").split(", ") if part]
