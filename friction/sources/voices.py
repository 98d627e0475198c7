"""What all exports of a survey tool, a help desk or a CRM have in common: they fill tables of `friction.voices`.

A tool exports several kinds of tables; each is a `Form`: the names that tell it, and for every label the names that it
may have. Names are compared without case and punctuation, since people save such files again from a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Any, ClassVar

import polars as pl

from friction.errors import InputError
from friction.sources.aliases import normal
from friction.sources.base import REJECT, Column, InputFile, Options, Reading, Source
from friction.sources.casts import NOBODY, identity
from friction.sources.counted import no_events
from friction.sources.fields import Fields, found
from friction.sources.generic import open_table
from friction.sources.instants import instants
from friction.sources.seen import SURE, Seen, seen
from friction.sources.spoken import TEXT, first_email, said, scored, truth_of
from friction.sources.survey_questions import Question, questions
from friction.tables.table import Table
from friction.values import dataclass
from friction.voices.tables import ID, Voices

PREFIXES = ("properties.", "property_", "fields.", "attributes.")
"""What envelopes and warehouses put before the names of a tool."""
SITE_IDS: Mapping[str, tuple[str, ...]] = {
    "session": ("sessionid", "session", "visitid", "recordingid", "frictionsession"),
    "visitor": ("visitorid", "anonymousid", "deviceid", "clientid", "distinctid", "userpseudoid", "cookieid"),
    "user": ("userid", "externalid", "externaluserid", "accountuserid", "uid", "customerexternalid"),
    "email": ("email", "emailaddress", "useremail", "customeremail", "contactemail", "mail"),
    "url": ("url", "pageurl", "page", "sourceurl", "originurl", "currenturl", "referringurl", "pageaddress"),
}
"""Ids that the site itself hands to such a tool, under the names that are usual."""
OURS = {
    **{"start": "ts", "session": "session_id", "visitor": "visitor_id", "user": "user_id"},
    **{"email": "email_hash", "customer": "customer_id", "recording": "recording_url"},
    **{"gone": "status", "end": "outcome", "won": "outcome", "shut": "outcome"},
}
"""Label → the column it fills, where it is called otherwise."""


@dataclass(frozen=True)
class Form:
    """One kind of table: `needs` are groups of names of which one must be there each."""

    table: str
    needs: Sequence[Sequence[str]]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_wide: bool = False
    """Its questions are columns of their own."""

    def fits(self, names: frozenset[str]) -> bool:
        """Whether a file with these names is such a table."""
        return all(not names.isdisjoint(group) for group in self.needs)


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A name as it is compared."""
    lower = name.strip().lower()
    prefix = next((each for each in PREFIXES if lower.startswith(each)), "")
    return normal(lower.removeprefix(prefix))


@lru_cache(maxsize=2)
def names_of(looked: Seen) -> frozenset[str]:
    """All names at the beginning of a file, those of inner objects too; every tool of this kind asks for them."""
    written = set(looked.names)
    for record in looked.records[:20]:
        written.update(_inside("", record))
    return frozenset(map(bare, written))


def _inside(before: str, record: Mapping[str, Any], depth: int = 0) -> list[str]:
    names = []
    for key, value in record.items():
        names.append(f"{before}{key}")
        if isinstance(value, Mapping) and depth < 2:
            names += _inside(f"{before}{key}.", value, depth + 1)
    return names


@dataclass(frozen=True, kw_only=True)
class VoiceSource(Source):
    """One tool whose exports are answers, tickets, deals or customers."""

    forms: ClassVar[Sequence[Form]] = ()

    def sniff(self, file: InputFile) -> float:
        """Sure by the names of one of its tables."""
        return SURE if self.form(names_of(seen(file))) else 0.0

    def form(self, names: frozenset[str]) -> Form | None:
        """The table that a file with these names is; null for none."""
        return next((form for form in self.forms if form.fits(names)), None)

    def columns(self, known: Fields) -> dict[str, pl.Expr]:  # noqa: ARG002 - for tools that say more than the labels
        """Columns in place of the usual ones, over the labels."""
        return {}

    def read(self, file: InputFile, options: Options) -> Reading:
        """All rows. Raises `InputError` when there is no time in it, or no such table."""
        try:
            return self._read(file, options)
        except InputError as error:
            error.problem = replace(error.problem, file=file.name)
            raise

    def _read(self, file: InputFile, options: Options) -> Reading:
        table = open_table(file, options.mapping)
        form = self.form(frozenset(map(bare, table.names))) or self.forms[0]
        known = _found(table, form)
        return _Plan(self, form, known, options).reading()


def _found(table: Table, form: Form) -> Fields:
    """Where the labels stand; one column is one label, the more telling one first."""
    at: dict[str, str] = {}
    for name in table.names:
        at.setdefault(bare(name), name)
    labels: dict[str, list[str]] = {}
    taken: set[str] = set()
    usual = {label: names for label, names in SITE_IDS.items() if label not in form.fields}
    for label, names in {**form.fields, **usual}.items():
        here = [at[one] for one in names if one in at and at[one] not in taken]
        if here:
            labels[label] = here[:1]
            taken.add(here[0])
    return found(table, labels, frozenset({"start", "closed"}))


@dataclass(frozen=True)
class _Plan:
    """What is read of one file."""

    source: VoiceSource
    form: Form
    known: Fields
    options: Options

    def reading(self) -> Reading:
        asked = self._questions()
        made, time = self._columns()
        needed = {name for expr in made.values() for name in expr.meta.root_names()} - {"row_no"}
        cells = {question.label: question.at for question in asked}
        known = replace(self.known, positions={**self.known.positions, **cells})
        rows, frame = known.read(needed | set(cells))
        told = frame.with_columns(expr.alias(f"={name}") for name, expr in made.items()).collect()
        told = told.with_columns(pl.lit(self.source.name).alias("=source"))
        full = self._answers(told, asked) if self.form.table == "feedback" else _named(told)
        usable, unusable = self._usable(full)
        records = rows.records if rows.records is not None else told.height + rows.rejects.height
        facts: dict[str, Any] = {**self.known.table.facts, "records": records, "voices": self.form.table}
        return Reading(
            no_events(),
            pl.concat([rows.rejects, unusable]),
            self._listed(asked),
            facts | ({"time": time} if time else {}),
            line_of=self.known.table.lines_of,
            voices=Voices.of(**{self.form.table: usable}),
        )

    def _questions(self) -> list[Question]:
        taken = set(self.known.positions.values())
        return questions(self.known.table, taken, self.options.mapping) if self.form.is_wide else []

    def _columns(self) -> tuple[dict[str, pl.Expr], str | None]:
        """Ours → expression over labels, and how times are written."""
        knows = self.known.knows
        made = {
            "session_id": identity(said("session")),
            "visitor_id": identity(said("visitor")),
            "user_id": identity(said("user")),
            "email_hash": first_email(said("email")),
            "customer_id": identity(said("customer")),
            **{name: said(label) for name, label in TEXT.items()},
            ID[self.form.table]: identity(said("id")),
            "score": scored(said("score")),
            "amount": scored(said("amount")),
            "satisfied": truth_of(said("satisfied")),
            "tags": said("tags").str.extract_all(r'[^\s\[\]",;][^\[\]",;]*'),
        }
        if self.form.table == "customers":
            made["customer_id"] = identity(said("customer"))
        time = None
        for ours, label in (("ts", "start"), ("closed", "closed")):
            if knows(label) and (ours == "ts" or self.known.sampled(label).drop_nulls().len()):
                when = instants(self.known, (label,), frozenset(), self._zoned(label))
                made |= when.columns if ours == "ts" else {ours: when.columns["ts"]}
                time = time or when.form
        if "ts" not in made and self.form.table in {"feedback", "tickets"}:
            instants(self.known, ("start",), frozenset(), self.options)  # says what is missing
        made |= self.source.columns(self.known)
        own = {name: expr for name, expr in made.items() if _labels(expr) <= _known(self.known)}
        return own, time

    def _zoned(self, label: str) -> Options:
        """What is asked, but for the zone where the header names it."""
        at = self.known.positions.get(label)
        is_utc = at is not None and bare(self.known.table.names[at]).endswith("utc")
        return replace(self.options, tz="UTC") if is_utc else self.options

    def _answers(self, told: pl.DataFrame, asked: Sequence[Question]) -> pl.DataFrame:
        """One row an answer: of a wide table those of all its questions."""
        from friction.sources.survey_questions import single, spread

        rows = _named(told)
        return spread(rows, told, asked) if asked else single(rows, self.known, self.options.mapping)

    def _usable(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows that say something, and a reject for every record of which nothing can be used."""
        why = pl.lit(None, pl.String())
        if self.form.table == "feedback":
            silent = pl.all_horizontal(pl.col(name).is_null() for name in ("score", "comment"))
            why = pl.when(silent).then(pl.lit("no_answer"))
        if self.form.table in {"feedback", "tickets"}:
            why = pl.when(pl.col("ts").is_null()).then(pl.lit("time_unreadable")).otherwise(why)
        if "gone" in rows.columns:
            why = pl.when(pl.col("gone").fill_null(value=False)).then(pl.lit("deleted")).otherwise(why)
        judged = rows.with_columns(why=why)
        usable = judged.filter(pl.col("why").is_null())
        lost = judged.filter(pl.col("why").is_not_null()).filter(
            ~pl.col("row_no").is_in(usable["row_no"].implode())
        )
        unusable = lost.unique("row_no", keep="first", maintain_order=True).select(
            pl.col("row_no").cast(pl.Int64),
            line=pl.lit(None, pl.Int64),
            column=pl.when(pl.col("why") == "time_unreadable").then(pl.lit("ts")),
            reason="why",
        )
        return usable, unusable.match_to_schema(REJECT)

    def _listed(self, asked: Sequence[Question]) -> tuple[Column, ...]:
        called = {**OURS, "id": ID[self.form.table]}
        places = reversed(list(self.known.positions.items()))
        ours = {at: called.get(label, label) for label, at in places}
        ours |= {question.at: question.scale for question in asked}
        notes = {question.at: question.note for question in asked}
        return tuple(
            Column(
                theirs,
                ours.get(at),
                1.0 if at in ours else 0.0,
                notes.get(at, "" if at in ours else "not used"),
            )
            for at, theirs in enumerate(self.known.table.names)
        )


def _labels(expr: pl.Expr) -> set[str]:
    return set(expr.meta.root_names()) - {"row_no"}


def _known(known: Fields) -> set[str]:
    return set(known.positions) | {label for members in known.folded.values() for label in members}


def _named(told: pl.DataFrame) -> pl.DataFrame:
    """The columns that are ours, without the mark they travelled with."""
    own = {name: name[1:] for name in told.columns if name.startswith("=")}
    return told.select("row_no", *own).rename(own)


__all__ = ["NOBODY", "SITE_IDS", "Form", "VoiceSource", "bare", "names_of"]
