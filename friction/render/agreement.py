"""How the rules of tools differ on one's own data: what each finds, and how far each two agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from friction.i18n import ENGLISH, Language
from friction.render.lines import line
from friction.render.notes import lack
from friction.render.safe import clean

Rule = Mapping[str, Any]


def agreement(found: Mapping[str, Any], speak: Language = ENGLISH) -> RenderableType:
    """Detector by detector: the counts of each rule, which cannot be asked and why, and the agreement of each pair."""
    parts: list[RenderableType] = [
        line(
            speak.text(
                "{clicks} clicks in {sessions} sessions, judged by the rules of each tool.",
                clicks=speak.whole(found["clicks"]),
                sessions=speak.whole(found["sessions"]),
            )
        )
    ]
    for name, one in found["detectors"].items():
        asked = [rule for rule in one["rules"] if rule["not_assessable"] is None]
        parts += ["", line(speak.word("detector", clean(name)), style="bold")]
        if asked:
            parts.append(_counts(asked, speak))
        parts += [line(text, style="dim") for text in _unknown(one["rules"], speak)]
        if len(asked) > 1:
            parts += ["", *_matrix(asked, one["agreement"], speak)]
    return Group(*parts)


def _counts(asked: Sequence[Rule], speak: Language) -> Table:
    table = _table()
    table.add_column("", justify="right", style="dim")
    table.add_column(speak.text("Rule of"))
    for head in (speak.text("Findings"), speak.text("Sessions"), speak.text("Clicks")):
        table.add_column(head, justify="right")
    for number, rule in enumerate(asked, 1):
        counts = (rule["findings"], rule["sessions"], rule["clicks"])
        table.add_row(str(number), _named(rule, speak), *map(speak.whole, counts))
    return table


def _named(rule: Rule, speak: Language) -> str:
    preset = clean(rule["preset"])
    if rule["verified"]:
        return preset
    return speak.text("{preset} (unverified)", preset=preset.removesuffix(" (unverified)"))


def _unknown(rules: Sequence[Rule], speak: Language) -> list[str]:
    """`Cannot be said: needs mouse movements (amplitude, splunk).`, one line for each reason."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        if rule["not_assessable"] is not None:
            by_reason[rule["not_assessable"]].append(_named(rule, speak))
    return [
        speak.text("Cannot be said: {why} ({rules}).", why=lack(reason, speak), rules=", ".join(names))
        for reason, names in by_reason.items()
    ]


def _matrix(
    asked: Sequence[Rule], pairs: Sequence[Mapping[str, Any]], speak: Language
) -> list[RenderableType]:
    """Below the diagonal: of the sessions that either of two flags, the percentage that both do."""
    shares = {tuple(pair["presets"]): pair["sessions"]["agreement"] for pair in pairs}
    table = _table(1)
    table.add_column("", justify="right", style="dim")
    table.add_column("")
    for number in range(1, len(asked)):
        table.add_column(str(number), justify="right")
    for at, rule in enumerate(asked):
        cells = [_percent(shares[asked[other]["preset"], rule["preset"]], speak) for other in range(at)]
        table.add_row(str(at + 1), _named(rule, speak), *cells)
    head = speak.text(
        "Agreement: of the sessions that at least one of two rules flags, the percentage that both flag."
    )
    return [line(head, style="dim"), table]


def _percent(share: float | None, speak: Language) -> str:
    return "–" if share is None else speak.whole(round(100 * share))


def _table(gap: int = 2) -> Table:
    return Table(box=None, padding=(0, gap, 0, 0), header_style="dim")
