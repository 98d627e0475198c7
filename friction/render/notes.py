"""What stands below the list: goals one could set, what could not be assessed, was set aside or was noticed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from friction.i18n import Language, title_within
from friction.render.lines import line
from friction.render.safe import clean
from friction.render.watched import sentence, told, without_exits
from friction.render.words import members
from friction.report import PassedOver, Report

Note = tuple[str, str]


def notes(found: Report, speak: Language) -> list[RenderableType]:
    """A blank line and the notes, each hanging from its head; nothing when there are none."""
    kinds = (_candidates, _rising, _improved, _unknown, _set_aside, _rejected, _passed_over, _remarks)
    said = [note for kind in kinds for note in kind(found, speak)]
    if not said:
        return []
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=max(16, *(len(head) for head, _ in said)))
    grid.add_column(ratio=1, overflow="fold")
    for head, text in said:
        grid.add_row(line(head, style="dim"), line(text))
    return ["", grid]


CHANGES_SHOWN = 4


def _rising(found: Report, speak: Language) -> Iterator[Note]:
    """Rates that rose beyond their ordinary range, but for exits: those are points of their own."""
    rises = [each for each in told(without_exits(found), speak) if each.is_rise]
    for each in rises[:CHANGES_SHOWN]:
        yield speak.text("Rose"), sentence(each, speak)


def _improved(found: Report, speak: Language) -> Iterator[Note]:
    """Rates that fell, which is an improvement, and rises that are no alarm."""
    others = [each for each in told(found, speak) if not each.is_rise]
    for each in others[:CHANGES_SHOWN]:
        yield (
            (speak.text("Not an alarm") if each.is_excused else speak.text("Improved")),
            sentence(each, speak),
        )


def lack(reason: str | None, speak: Language) -> str:
    """`needs has_errors|has_requests` as people say it: `needs errors or requests`."""
    if reason == "unpublished":
        return speak.text("the rule is not published")
    if not reason or not reason.startswith("needs "):
        return clean(reason or speak.text("no reason given"))
    needs = [
        speak.text(" or ").join(speak.word("capability", clean(code)) for code in codes.split("|"))
        for codes in reason.removeprefix("needs ").split(", ")
    ]
    return speak.text("needs {what}", what=", ".join(needs))


def left_out(passed: PassedOver, speak: Language) -> str:
    """`2 members of exports.zip, system files: __MACOSX/a`; of one input among others: `README.txt, empty`."""
    why = speak.word("left_out", clean(passed.reason)).removeprefix("input.")
    if passed.file == passed.example:
        return f"{clean(passed.file)}, {why}"
    return speak.plural(
        "{n} member of {archive}, {why}: {example}",
        "{n} members of {archive}, {why}: {example}",
        passed.members,
        archive=clean(passed.file),
        why=why,
        example=clean(passed.example),
    )


def _candidates(found: Report, speak: Language) -> Iterator[Note]:
    if found.goal is None and not is_counted_only(found):
        yield (
            speak.text("No goal"),
            speak.text("nothing in the input counts as a conversion, so points are ranked by extra exits."),
        )
    if found.goal is not None and not found.goal.conversions:
        yield speak.text("No conversion"), speak.text("nothing in the input fits this goal.")
    for candidate in found.candidates:
        reached = speak.plural("reached in {n} session", "reached in {n} sessions", candidate.sessions)
        yield speak.text("Perhaps"), f"--goal '{clean(candidate.definition)}' ({reached})"


def is_counted_only(found: Report) -> bool:
    """No single event was read, only what tools have counted or customers said."""
    return bool(found.counted or found.heard) and not found.input.events


def _unknown(found: Report, speak: Language) -> Iterator[Note]:
    if is_counted_only(found):
        said = speak.plural(
            "{n} detector, which needs single events: these files hold none",
            "{n} detectors, which need single events: these files hold none",
            len(found.detectors),
        )
        yield speak.text("Not assessable"), said
        return
    for run in found.detectors:
        name = speak.word("detector", clean(run.name))
        if run.status == "skipped":
            why = lack(run.reason, speak)
            yield (
                speak.text("Not assessable"),
                speak.text("{detector}, with this input ({why})", detector=name, why=why),
            )
        elif run.status == "failed":
            why = clean(run.reason or speak.text("no reason given"))
            yield (
                speak.text("Failed"),
                speak.text("{detector} ({why}); the others went on", detector=name, why=why),
            )


def _set_aside(found: Report, speak: Language) -> Iterator[Note]:
    if listed := found.not_counted.most_first:
        said = ", ".join(f"{speak.word('reason', clean(code))} {speak.whole(n)}" for code, n in listed)
        yield (
            speak.text("Harmless"),
            speak.plural(
                "{n} finding not counted ({why})",
                "{n} findings not counted ({why})",
                sum(n for _, n in listed),
                why=said,
            ),
        )
    if found.aside:
        yield (
            speak.text("To check by hand"),
            speak.plural(
                "{n} place after which nearly everyone leaves, a broken page or a click on the way out: "
                "{title} ({page})",
                "{n} places after which nearly everyone leaves, a broken page or a click on the way out; the first: "
                "{title} ({page})",
                len(found.aside),
                title=clean(title_within(found.aside[0], speak)),
                page=clean(found.aside[0].page or ""),
            ),
        )


def _rejected(found: Report, speak: Language) -> Iterator[Note]:
    read = found.input
    if read.rows_rejected:
        why = ", ".join(
            f"{speak.word('rejected', clean(each.reason))} {speak.whole(each.rows)}"
            for each in read.rejected_by_reason
        )
        yield (
            speak.text("Rows set aside"),
            speak.text(
                "{rows} of {all}, {share} ({why})",
                rows=speak.whole(read.rows_rejected),
                all=speak.whole(read.rows_total),
                share=speak.percent(read.rows_rejected / read.rows_total),
                why=why,
            ),
        )


def _passed_over(found: Report, speak: Language) -> Iterator[Note]:
    for each in found.input.passed_over:
        yield speak.text("Missing") if each.is_loss else speak.text("Passed over"), left_out(each, speak)


def _remarks(found: Report, speak: Language) -> Iterator[Note]:
    for check in found.quality:
        if check.verdict != "good":
            head = speak.text("Held back") if check.verdict == "held_back" else speak.text("Remark")
            yield head, f"{speak.word('check', clean(check.check))} ({members(check.detail, speak)})"
