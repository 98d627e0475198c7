"""`--fail-on`: rules that a report must keep, told in the terminal, as JUnit and as the summary of a CI job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from xml.etree import ElementTree as Xml

import typer

from friction.cli.speech import speaking
from friction.cli.voice import Voice
from friction.files import write
from friction.i18n import title_of
from friction.render.safe import clean

if TYPE_CHECKING:
    from friction.config import Settings
    from friction.gates import Gate, Hit, Rule
    from friction.report import Report

FailOn = Annotated[
    list[str],
    typer.Option(
        "--fail-on",
        metavar="RULE",
        help="End with 1 when this holds: new, new:high, worse:10%, score>70, budget; may be repeated.",
    ),
]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", metavar="REPORT", help="An earlier report to compare with.")
]
JUnit = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write the rules as JUnit tests (XML).")
]
Summary = Annotated[
    Path | None,
    typer.Option("--summary", metavar="FILE", help="Add what tripped to this file, as Markdown."),
]


class Gates:
    """The rules of one command, and where to write what becomes of them."""

    def __init__(
        self, rules: Sequence[str], baseline: Path | None, junit: Path | None, summary: Path | None
    ) -> None:
        from friction.gates import parse

        self._rules: list[Rule] = [parse(rule) for rule in rules]
        self._baseline, self._junit, self._summary = baseline, junit, summary
        if any(rule.needs_baseline for rule in self._rules) and baseline is None:
            self._refuse()

    def _refuse(self) -> None:
        from friction.errors import UsageError

        rule = next(rule.text for rule in self._rules if rule.needs_baseline)
        raise UsageError(
            "gate.no_baseline",
            f"{rule} needs an earlier report to compare with",
            remedy="give it as --baseline report.json",
        )

    def hold(self, report: Report, settings: Settings, voice: Voice) -> bool:
        """Check, write the files, say what tripped; whether all rules hold."""
        from friction.cli.reports import opened
        from friction.gates import check

        if not self._rules and self._junit is None and self._summary is None:
            return True
        earlier = opened(self._baseline) if self._baseline else None
        gates = check(self._rules, report, earlier, settings.budgets)
        if self._junit:
            write(self._junit, junit(gates))
        if self._summary:
            text = summary(gates)
            before = self._summary.read_bytes() if self._summary.is_file() else b""
            write(self._summary, before + text.encode())
        for gate in gates:
            for hit in gate.hits:
                voice.remark(speaking().text("friction: {rule}: {what}", rule=gate.rule.text, what=said(hit)))
        return all(gate.holds for gate in gates)


def said(hit: Hit) -> str:
    """One point that trips a rule, in a line: its title, and the figure beside what is allowed."""
    speak, title = speaking(), clean(title_of(hit.point, speaking()))
    if hit.figure is None or hit.limit is None:
        return f"{title} ({hit.point.id})"
    if hit.measure == "affected_share":
        figure, limit = speak.percent(hit.figure), speak.percent(hit.limit)
    else:
        figure, limit = speak.decimal(hit.figure), speak.decimal(hit.limit)
    measure = speak.word("figure", hit.measure)
    return speak.text(
        "{title} ({id}): {measure} {figure}, allowed {limit}",
        title=title,
        id=hit.point.id,
        measure=measure,
        figure=figure,
        limit=limit,
    )


def junit(gates: Sequence[Gate]) -> bytes:
    """One test a rule; a rule that trips is a failure with its points."""
    failures = sum(not gate.holds for gate in gates)
    suite = Xml.Element("testsuite", name="friction", tests=str(len(gates)), failures=str(failures))
    for gate in gates:
        case = Xml.SubElement(suite, "testcase", classname="friction", name=gate.rule.text)
        if not gate.holds:
            lines = [said(hit) for hit in gate.hits]
            Xml.SubElement(case, "failure", message=lines[0]).text = "\n".join(lines)
    Xml.indent(suite)
    found: bytes = Xml.tostring(suite, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def summary(gates: Sequence[Gate]) -> str:
    """A table for the page of a CI job; texts of the data cannot become markup."""
    from friction.render.markdown import plain

    speak = speaking()
    lines = ["## friction", "", f"| {speak.text('Rule')} | {speak.text('Result')} |", "| --- | --- |"]
    for gate in gates:
        result = speak.text("holds") if gate.holds else "<br>".join(plain(said(hit)) for hit in gate.hits)
        lines.append(f"| `{gate.rule.text}` | {result} |")
    return "\n".join(lines) + "\n\n"
