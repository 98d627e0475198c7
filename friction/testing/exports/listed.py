"""The made-up visits as lists of recordings, a line or object each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from friction.testing.exports.documents import by_visit
from friction.testing.exports.visits import SITE, Step
from friction.testing.exports.writing import Files, document, table

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


def clarity_list(steps: Sequence[Step]) -> Files:
    """The list of recordings as Clarity's page writes it."""
    return {"grabaciones.csv": table([_clip(own) for own in by_visit(steps)], GRABACIONES)}


def _clip(own: Sequence[Step]) -> dict[str, Any]:
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


def mouseflow_lists(steps: Sequence[Step]) -> Files:
    """The answer of `recordings`, and a list as CSV."""
    visits = by_visit(steps)
    return {
        "recordings.json": document({"count": len(visits), "recordings": [_answered(own) for own in visits]}),
        "recordings.csv": table([_listed(own) for own in visits], LIST),
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
