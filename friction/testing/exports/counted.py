"""The made-up visits as tools sum them up: lists of recordings, and figures by page, element or day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from friction.testing.exports.documents import by_visit
from friction.testing.exports.visits import SITE, Step
from friction.testing.exports.writing import Files, document, json_lines, table, zipped

HOTJAR = (
    *(
        "Recording URL",
        "Publicly Shared",
        "Already Watched",
        "Comments",
        "Labels",
        "Created",
        "New / Returning",
    ),
    *("Hotjar User ID", "Country", "Action Count", "Page Count", "Duration (seconds)", "Device"),
    *(
        "Device Screen Size",
        "Browser",
        "Operating System",
        "Referrer URL",
        "Landing Page URL",
        "Exit Page URL",
    ),
    *("Rage Clicks", "U-Turns", "Incoming Feedback", "Net Promoter Score®", "Events"),
)
GRABACIONES = (
    *("Fecha", "Hora", "Duración", "Dirección de entrada", "Dirección de salida", "Referente"),
    *("Usuario", "Navegador", "Dispositivo", "Sistema operativo", "País", "Páginas", "Clics", "Interacción"),
)
"""A header in one of the languages that Clarity's list may have; the words are ours."""
METRICS = {"rage": "RageClickCount", "dead": "DeadClickCount", "error": "ScriptErrorCount"}
NEVER = ("QuickbackClick", "ExcessiveScroll", "ErrorClickCount")
LIST = ("Recording ID", "Date", "Duration", "Pages", "Entry Page", "Exit Page", "Friction", "Country", "Device",
    "Browser", "Tags")  # fmt: skip


def pages(steps: Iterable[Step]) -> list[str]:
    """The paths of the page views, in order."""
    return [step.path for step in steps if step.what == "view"]


def times(steps: Iterable[Step], what: str) -> int:
    """How often this happened."""
    return sum(step.what == what for step in steps)


def seconds(own: Sequence[Step]) -> float:
    """How long a visit lasted."""
    return (own[-1].at - own[0].at).total_seconds()


def hotjar_files(steps: Sequence[Step]) -> Files:
    """The list of recordings as Hotjar writes it."""
    return {"recordings.csv": table([_recording(own) for own in by_visit(steps)], HOTJAR)}


def _recording(own: Sequence[Step]) -> dict[str, Any]:
    first, seen = own[0], pages(own)
    values = (
        f"https://insights.example/r?site=77&recording={9_000 + first.visit}&token={first.session[:8]}",
        *(
            "False",
            "True" if first.visit % 2 else "False",
            "N/A",
            "checkout, voucher" if first.visit == 1 else "N/A",
        ),
        first.at.strftime("%Y-%m-%dT%H:%M:%S"),
        *(
            "Returning" if first.visitor % 2 else "New",
            first.person[:8],
            "FR",
            times(own, "click"),
            len(seen),
        ),
        round(seconds(own)),
        *("Mobile" if first.is_phone else "Desktop", "390 X 844" if first.is_phone else "1440 X 779"),
        *("Mobile Safari" if first.is_phone else "Firefox", "iOS" if first.is_phone else "Linux", "N/A"),
        *(
            f"{SITE}{seen[0]}?ref=ann@example.org",
            SITE + seen[-1],
            times(own, "rage"),
            times(own, "dead") // 3,
        ),
        *("N/A", 9 if first.visit == 0 else "N/A", times(own, "custom")),
    )
    return dict(zip(HOTJAR, values, strict=True))


def clarity_files(steps: Sequence[Step]) -> Files:
    """The answer by page, of the day before yesterday to today; one by device, one without dimensions."""
    by_page = [(path, {"Url": SITE + path}) for path in sorted(set(pages(steps)))]
    devices = [("Mobile", {"Device": "Mobile"}), ("PC", {"Device": "PC"})]
    return {
        "2026-03-02_2026-03-04.json": document(_answer(steps, [(_on(path), dims) for path, dims in by_page])),
        "2026-03-02_2026-03-04-device.json": document(
            _answer(steps, [(_with(name == "Mobile"), dims) for name, dims in devices])
        ),
        "grabaciones.csv": table([_clip(own) for own in by_visit(steps)], GRABACIONES),
    }


def _clip(own: Sequence[Step]) -> dict[str, Any]:
    """A recording in Clarity's list."""
    first, seen, long = own[0], pages(own), round(seconds(own))
    length = f"{long // 60 % 60:02}:{long % 60:02}"
    values = (
        f"{first.at.month}/{first.at.day}/{first.at.year}",
        f"{first.at.hour}:{first.at.minute:02}",
        f"{long // 3600}:{length}" if long >= 3600 else length,
        *(
            SITE + seen[0],
            SITE + seen[-1],
            "" if first.visit else "https://search.example/",
            first.person[:7],
        ),
        *(("MobileSafari", "Mobile", "iOS") if first.is_phone else ("Firefox", "PC", "Linux")),
        *("France", len(seen), times(own, "click"), 3.5),
    )
    return dict(zip(GRABACIONES, values, strict=True))


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
    """The answer of `recordings`, a list as CSV, and a link analysis."""
    visits = by_visit(steps)
    listed = [_listed(own) for own in visits]
    return {
        "recordings.json": document({"count": len(visits), "recordings": [_answered(own) for own in visits]}),
        "recordings.csv": table(listed, LIST),
        "links.json": document(
            {"data": [{"url": "/", "visitCount": len(visits), "targets": _targets(steps)}]}
        ),
    }


def _answered(own: Sequence[Step]) -> dict[str, Any]:
    first, seen = own[0], pages(own)
    return {
        "id": first.session,
        "created": first.at.strftime("%Y-%m-%dT%H:%M:%S"),
        "country": "fr",
        "referrer": "",
        "referrerType": "direct",
        "tags": _tags(own),
        "variables": [f"customer={first.visit}"],
        "duration": round(seconds(own) * 1_000),
        "engagementTime": round(seconds(own) * 500),
        "pages": len(seen),
        "browser": "Firefox",
        "device": "phone" if first.is_phone else "desktop",
        "os": "Linux",
        "entryPage": seen[0],
        "friction": 0.4,
        "pageViews": [
            {"id": step.id, "startTime": step.at.strftime("%Y-%m-%dT%H:%M:%S"), "tags": []}
            for step in own
            if step.what == "view"
        ],
    }


def _tags(own: Sequence[Step]) -> list[str]:
    known = {"rage": "click-rage", "error": "js-error"}
    return [*(tag for what, tag in known.items() if times(own, what)), "mouse-out"]


def _listed(own: Sequence[Step]) -> dict[str, Any]:
    whole = round(seconds(own))
    seen = pages(own)
    values = (
        *(
            own[0].session,
            own[0].at.strftime("%Y-%m-%d %H:%M:%S"),
            f"{whole // 60}:{whole % 60:02d}",
            len(seen),
        ),
        *(
            seen[0],
            seen[-1],
            0.4,
            "FR",
            "Phone" if own[0].is_phone else "Desktop",
            "Firefox",
            ", ".join(_tags(own)),
        ),
    )
    return dict(zip(LIST, values, strict=True))


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


def posthog_list(steps: Sequence[Step]) -> Files:
    """The list of recordings, as a page of the interface."""
    return {"list.json": document({"next": None, "results": [_posthog(own) for own in by_visit(steps)]})}


def _posthog(own: Sequence[Step]) -> dict[str, Any]:
    first, whole = own[0], round(seconds(own))
    return {
        "id": first.session,
        "distinct_id": first.person,
        "viewed": False,
        "recording_duration": whole,
        "active_seconds": whole // 2,
        "inactive_seconds": whole - whole // 2,
        "start_time": first.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "end_time": own[-1].at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "click_count": times(own, "click"),
        "keypress_count": 3 * times(own, "change"),
        "console_error_count": times(own, "error"),
        "start_url": first.url,
        "person": {"uuid": first.person, "properties": {}},
    }


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
