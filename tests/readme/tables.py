"""The tables of the README that are made: what is found (from the docstrings), and which tools are read how."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from friction import detectors, sources
from friction.detectors import presets
from friction.i18n.codes.data import CAPABILITY
from friction.i18n.codes.detectors import DETECTOR
from tests.readme.page import ROOT, replaced
from tests.readme.tools import TOOLS

PICTURES = {
    "picture": (
        "fixtures/report.en.png",
        "A report as a page: the verdict in one sentence, then the friction points with the sessions they hit, what "
        "they cost with its range as a bar, and how sure that is",
    ),
    "image": (
        "fixtures/report.fr.png",
        "Un rapport : le verdict en une phrase, puis les points de friction avec les sessions touchées, leur coût et "
        "son intervalle, et la solidité du chiffre",
    ),
}
"""Marker → file and description; shown when the file is there."""


def current(page: str) -> str:
    """The page with its pictures and both tables as they are now."""
    for marker, (file, words) in PICTURES.items():
        page = replaced(page, marker, f"![{words}]({file})\n" if (ROOT / file).is_file() else "")
    page = replaced(page, "detectors", catalogue())
    page = replaced(page, "presets", preset_table())
    return replaced(page, "tools", tools({source["name"] for source in sources.catalogue()}))


def catalogue() -> str:
    """One row a detector."""
    rows = (
        (
            f"`{entry['name']}`",
            entry["summary"].rstrip("."),
            _needs(entry),
            "asked for" if entry["opt_in"] else "on",
        )
        for entry in detectors.catalogue()
    )
    return _table(("detector", "finds", "needs", "runs"), rows)


def preset_table() -> str:
    """One row for the presets that share their rules' words, with what these rules judge."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for entry in presets.catalogue():
        judged = ", ".join(DETECTOR[name].lower() for name in entry["rules"])
        marks = "" if entry["verified"] else "*unverified*"
        marks = (
            marks if entry["published"] else "*unverified*, its numbers are not published: never assessable"
        )
        rows.setdefault((entry["rule"], judged, marks), []).append(f"`{entry['name']}`")
    return _table(
        ("preset", "rules for", "note"),
        ((", ".join(names), judged, marks) for (_, judged, marks), names in rows.items()),
    )


def tools(direct: Collection[str]) -> str:
    """One row a tool; `direct` are the names of sources that read an export as it is."""
    rows = (
        (tool.name, tool.export, tool.tells, "directly" if tool.source in direct else tool.otherwise)
        for tool in TOOLS
    )
    return _table(("tool", "export", "it tells", "read"), rows)


def _needs(entry: dict[str, list[str]]) -> str:
    """`clicks, errors or requests`: what an input must hold."""
    words = [CAPABILITY[name] for name in entry["needs"]]
    return ", ".join(
        [
            *words,
            *(
                [" or ".join(CAPABILITY[name] for name in entry["needs_one_of"])]
                if entry["needs_one_of"]
                else []
            ),
        ]
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
