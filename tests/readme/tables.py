"""The tables of the README that are made: what is found (from the docstrings), and which tools are read how."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from friction import detectors, sources
from friction.i18n.codes.data import CAPABILITY
from tests.readme.page import replaced
from tests.readme.tools import TOOLS


def current(page: str) -> str:
    """The page with both tables as they are now."""
    page = replaced(page, "detectors", catalogue())
    return replaced(page, "tools", tools({source["name"] for source in sources.catalogue()}))


def catalogue() -> str:
    """One row a detector."""
    rows = (
        (f"`{entry['name']}`", entry["summary"].rstrip("."), _needs(entry)) for entry in detectors.catalogue()
    )
    return _table(("detector", "finds", "needs"), rows)


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
