"""The made-up visits as tools sum them up: figures by page, element, device or day, beside lists of recordings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from friction.testing.exports.documents import by_visit
from friction.testing.exports.listed import clarity_list, mouseflow_lists, pages, seconds, times
from friction.testing.exports.visits import SITE, Step
from friction.testing.exports.writing import Files, document, json_lines, table, zipped

METRICS = {"rage": "RageClickCount", "dead": "DeadClickCount", "error": "ScriptErrorCount"}
NEVER = ("QuickbackClick", "ExcessiveScroll", "ErrorClickCount")


def clarity_files(steps: Sequence[Step]) -> Files:
    """The answer by page, of the day before yesterday to today; one by device, one without dimensions."""
    by_page = [(path, {"Url": SITE + path}) for path in sorted(set(pages(steps)))]
    devices = [("Mobile", {"Device": "Mobile"}), ("PC", {"Device": "PC"})]
    return {
        "2026-03-02_2026-03-04.json": document(_answer(steps, [(_on(path), dims) for path, dims in by_page])),
        "2026-03-02_2026-03-04-device.json": document(
            _answer(steps, [(_with(name == "Mobile"), dims) for name, dims in devices])
        ),
        **clarity_list(steps),
    }


def _on(path: str) -> Any:
    return lambda step: step.path == path


def _with(phone: bool) -> Any:
    return lambda step: step.is_phone == phone


def _answer(steps: Sequence[Step], parts: Sequence[tuple[Any, Mapping[str, str]]]) -> list[dict[str, Any]]:
    """One object a metric, with a row for each part of the steps. Numbers are partly texts, as Clarity writes them."""
    metrics: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for is_part, dims in parts:
        own = [step for step in steps if is_part(step)]
        sessions, views = len({step.visit for step in own}), times(own, "view")
        metrics["Traffic"].append(
            {
                "totalSessionCount": str(sessions),
                "totalBotSessionCount": "0",
                "distinctUserCount": str(sessions),
            }
            | {"pagesPerSessionPercentage": 1.0, **dims}
        )
        metrics["ScrollDepth"].append({"averageScrollDepth": 61.5, **dims})
        metrics["EngagementTime"].append({"totalTime": "88", "activeTime": "49", **dims})
        for what, name in (*METRICS.items(), *((None, name) for name in NEVER)):
            hit = {step.visit for step in own if step.what == what}
            percent = round(100 * len(hit) / sessions, 2)
            metrics[name].append(
                {"sessionsCount": str(sessions), "sessionsWithMetricPercentage": percent}
                | {"sessionsWithoutMetricPercentage": round(100 - percent, 2), "pagesViews": str(views)}
                | {"subTotal": str(times(own, what) if what else 0), **dims}
            )
    return [{"metricName": name, "information": rows} for name, rows in metrics.items()]


def mouseflow_files(steps: Sequence[Step]) -> Files:
    """The lists of recordings, and a link analysis."""
    links = {"url": "/", "visitCount": len(by_visit(steps)), "targets": _targets(steps)}
    return {**mouseflow_lists(steps), "links.json": document({"data": [links]})}


def _targets(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Every clicked element with what people did on it; times in milliseconds."""
    clicks = [step for step in steps if step.what == "click" and step.element]
    rages = Counter(step.element.selector for step in steps if step.what == "rage" and step.element)
    found = []
    for selector in sorted({step.element.selector for step in clicks if step.element}):
        own = [step for step in clicks if step.element and step.element.selector == selector]
        people = len({step.visitor for step in own})
        found.append(
            {"id": selector, "clicks": len(own), "clickingVisitors": people, "clickErrors": 0}
            | {"clickRages": rages[selector], "hoverTime": 640, "hoveringVisitors": people}
            | {"timeBeforeHover": 1_900, "timeBeforeClick": 2_500}
        )
    return found


def plausible_files(steps: Sequence[Step]) -> Files:
    """The archive, and its tables by themselves; every other visit was made a day later."""
    days = {day: by_visit(steps)[number::2] for number, day in enumerate(("2026-03-02", "2026-03-03"))}
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for day, visits in days.items():
        for name, rows in _plausible(visits).items():
            tables[name] += [{"date": day, **row} for row in rows]
    files = {
        f"imported_{name}_20260302_20260303.csv": table(rows, tuple(rows[0])) for name, rows in tables.items()
    }
    return {**files, "shop_example_20260302_20260303.zip": zipped(files)}


def _plausible(visits: Sequence[Sequence[Step]]) -> dict[str, list[dict[str, Any]]]:
    paths = sorted({path for own in visits for path in pages(own)})
    saw = {path: [own for own in visits if path in pages(own)] for path in paths}
    began = {path: [own for own in visits if pages(own)[0] == path] for path in paths}
    ended = {path: [own for own in visits if pages(own)[-1] == path] for path in paths}
    return {
        "visitors": [_whole(visits)],
        "pages": [
            {"hostname": "shop.example", "page": path, "visits": len(own), "visitors": len(own)}
            | {"pageviews": sum(pages(one).count(path) for one in own), "total_scroll_depth": 60 * len(own)}
            | {"total_scroll_depth_visits": len(own), "total_time_on_page": 20 * len(own)}
            | {"total_time_on_page_visits": len(own)}
            for path, own in saw.items()
        ],
        "entry_pages": [
            {"entry_page": path, "visitors": len(own), "entrances": len(own)}
            | {
                "visit_duration": round(sum(map(seconds, own))),
                "bounces": _bounces(own),
                "pageviews": len(own),
            }
            for path, own in began.items()
            if own
        ],
        "exit_pages": [
            {"exit_page": path, "visitors": len(own), "visit_duration": 30, "exits": len(own)}
            | {"bounces": _bounces(own), "pageviews": len(own)}
            for path, own in ended.items()
            if own
        ],
        "devices": [
            {"device": name, **_whole([own for own in visits if own[0].is_phone == phone])}
            for name, phone in (("Desktop", False), ("Mobile", True))
        ],
    }


def _whole(visits: Sequence[Sequence[Step]]) -> dict[str, int]:
    return {
        "visitors": len({own[0].visitor for own in visits}),
        "pageviews": sum(len(pages(own)) for own in visits),
        "bounces": _bounces(visits),
        "visits": len(visits),
        "visit_duration": round(sum(map(seconds, visits))),
    }


def _bounces(visits: Iterable[Sequence[Step]]) -> int:
    return sum(len(pages(own)) == 1 for own in visits)


def umami_files(steps: Sequence[Step]) -> Files:
    """The archive of the page, one of its tables, and expanded metrics as CSV and JSON lines."""
    visits = by_visit(steps)
    saw = Counter(path for own in visits for path in set(pages(own)))
    plain = [{"x": path, "y": count} for path, count in sorted(saw.items())]
    devices = Counter("mobile" if own[0].is_phone else "desktop" for own in visits)
    members = {
        "pages.csv": table(plain, ("x", "y")),
        "devices.csv": table(
            [{"x": name, "y": count} for name, count in sorted(devices.items())], ("x", "y")
        ),
    }
    expanded = [
        {"name": path, "pageviews": count, "visitors": count, "visits": count}
        | {"bounces": _bounces(own for own in visits if path in pages(own)), "totaltime": 30 * count}
        for path, count in sorted(saw.items())
    ]
    names = tuple(expanded[0])
    files = {"expanded.csv": table(expanded, names), "expanded.jsonl": json_lines(expanded)}
    return {**files, "pages.csv": members["pages.csv"], "export.zip": zipped(members)}
