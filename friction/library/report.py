"""A report as a program or a notebook meets it: its points as a frame, files of every kind, a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friction import report as values
from friction.errors import UsageError
from friction.i18n import DEFAULT, LANGUAGES, Language, language
from friction.tallies import Marks, Tally

if TYPE_CHECKING:
    import os

    import polars as pl

    from friction.compare import Difference
    from friction.render.forms import Form

SHOWN = 10
"""Friction points that a notebook shows."""


def spoken(lang: str) -> Language:
    """The language of this code. Raises `UsageError` for one that there is not."""
    if lang not in LANGUAGES:
        remedy = f"there are: {', '.join(LANGUAGES)}"
        raise UsageError("usage.unknown_name", f"there is no language {lang!r}", remedy=remedy)
    return language(lang)


class Top(tuple[values.Point, ...]):
    """The first friction points, as values with everything known of them; a notebook shows them as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        from friction.render.safe import clean
        from friction.render.words import cost

        return "\n".join(
            f"{point.rank or '-':>3}  {clean(point.title)} ({clean(point.page)}): {cost(point.impact)}"
            for point in self
        )

    def _repr_html_(self) -> str:
        from friction.render.notebook import points

        return points(self)


@dataclass(frozen=True, repr=False)
class Report:
    """The ranked friction points of one analysis; `content` is all of it as plain values (`friction schema report`)."""

    content: values.Report
    lang: str = DEFAULT
    """The language it shows itself in, `en` or `fr`."""

    @classmethod
    def from_json(cls, data: bytes | str, lang: str = DEFAULT) -> Report:
        """Read a report back; raises `InputError` when it is none."""
        return cls(values.Report.from_json(data), spoken(lang).code)

    @property
    def input(self) -> values.Input:
        """What was read: files, rows used and set aside, sessions, period."""
        return self.content.input

    @property
    def goal(self) -> values.Goal | None:
        """What counted as a conversion; null when nothing did."""
        return self.content.goal

    @property
    def detectors(self) -> list[values.DetectorRun]:
        """What became of each detector: run, or why not."""
        return self.content.detectors

    @property
    def quality(self) -> list[values.Quality]:
        """Checks of the data, with their figures."""
        return self.content.quality

    @property
    def counted(self) -> list[Tally]:
        """What tools counted themselves, in files that hold no events."""
        return self.content.counted

    @property
    def marks(self) -> list[Marks]:
        """Verdicts of tools beside ours, with the agreement."""
        return self.content.marks

    @cached_property
    def points(self) -> pl.DataFrame:
        """All friction points by rank, a row each (`friction.library.tables.POINTS`)."""
        from friction.library.tables import points

        return points(self.content.points)

    def top(self, number: int = 5) -> Top:
        """The first friction points with their evidence, fields, trend …"""
        return Top(self.content.points[:number])

    def diff(self, earlier: Report) -> Changes:
        """What changed since an earlier report: new, worse, better and gone points, judged by their intervals."""
        from friction.compare import difference

        return Changes(difference(earlier.content, self.content), earlier, self)

    def to_html(self, lang: str | None = None) -> str:
        """The whole report as one page without script, which needs nothing else."""
        return self._as("html", lang)

    def to_markdown(self, lang: str | None = None) -> str:
        """The report for tickets and wikis: headings, tables, the first points in full."""
        return self._as("md", lang)

    def to_csv(self) -> str:
        """All friction points, a row each, safe to open with a spreadsheet."""
        return self._as("csv")

    def to_json(self) -> str:
        """The same bytes as the command line writes."""
        return self.content.to_json().decode()

    def to_dict(self) -> dict[str, Any]:
        """What `to_json` says, as plain values."""
        import orjson

        members: dict[str, Any] = orjson.loads(self.content.to_json())
        return members

    def save(self, path: str | os.PathLike[str], lang: str | None = None) -> Path:
        """Write the report in the format the suffix says: whole or not at all, as any file of friction."""
        from friction.files import write
        from friction.render.forms import BY_SUFFIX

        file = Path(path)
        if (form := BY_SUFFIX.get(file.suffix.lower())) is None:
            remedy = f"there are: {', '.join(BY_SUFFIX)}"
            raise UsageError(
                "output.unknown_format", f"{file} has no known suffix", remedy=remedy, file=str(file)
            )
        write(file, self._as(form, lang).encode())
        return file

    def _as(self, form: Form, lang: str | None = None) -> str:
        from friction.render.forms import rendered

        return rendered(self.content, form, spoken(lang or self.lang)).decode()

    def __repr__(self) -> str:
        read, goal = self.content.input, self.content.goal
        ranked = goal.definition if goal else "extra exits"
        if self.counted and not read.events:
            places = sum(len(tally.counts) for tally in self.counted)
            return f"<friction.Report: {places} places counted by {', '.join(each.source for each in self.counted)}>"
        return f"<friction.Report: {len(self.content.points)} points, {self.content.people} sessions, by {ranked}>"

    def _repr_html_(self) -> str:
        from friction.render.notebook import report

        return report(self.content, SHOWN, spoken(self.lang))


@dataclass(frozen=True, repr=False)
class Changes:
    """What changed between two reports."""

    found: Difference
    old: Report
    new: Report

    @cached_property
    def points(self) -> pl.DataFrame:
        """Every point of either report with its state, new and worse first (`friction.library.tables.CHANGES`)."""
        from friction.library.tables import changes

        return changes(self.found.changes, self.old.content, self.new.content)

    @property
    def remarks(self) -> list[str]:
        """What makes the two hard to compare."""
        return self.found.remarks

    @property
    def counts(self) -> Mapping[str, int]:
        """How many points there are in each state."""
        from collections import Counter

        return Counter(change.state for change in self.found.changes)

    def __repr__(self) -> str:
        said = ", ".join(f"{number} {state}" for state, number in self.counts.items()) or "no points"
        return f"<friction.Changes: {said}>"
