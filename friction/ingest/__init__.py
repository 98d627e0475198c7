"""From files to events: recognise, read, mask, code, order; everything that is set aside is counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from friction.counting.tables import Counted
from friction.errors import InputError
from friction.goals import Goal
from friction.identity import People
from friction.ingest.assembled import assemble
from friction.ingest.books import Books, all_books, file_books, nothing_usable, with_repeats, without_copies
from friction.ingest.capabilities import at_hand, capabilities, of_facts, of_page_types
from friction.ingest.columns import EVERYTHING, Wanted
from friction.ingest.counts import all_counts, heard_inside, inside, no_events
from friction.ingest.events import Events
from friction.ingest.exclude import NOBODY, Exclusion
from friction.ingest.gather import Gathered, Pools
from friction.ingest.voices import TOLD, Heard, all_voices, heard, people_of
from friction.ingest.way import MEMORY, Way
from friction.pages import PageRules
from friction.privacy.columns import ORDINARY, Policy
from friction.privacy.identities import MARK
from friction.report import FileBooks
from friction.sources import recognise
from friction.sources.base import Options
from friction.tables.inputs import PlainFile, plain_files
from friction.tables.parquet import named_damage
from friction.values import dataclass
from friction.voices.masked import masked
from friction.voices.tables import Voices

Progress = Callable[[str, float, int], None]


@dataclass(frozen=True)
class Request:
    """What is to be read, and how."""

    inputs: Sequence[Path]
    names: Sequence[str]
    options: Options
    since: datetime | None = None
    until: datetime | None = None
    part_rows: int | None = None
    """Rows worked on at a time, about; null: as many as is quick. Never changes a result."""
    policy: Policy = ORDINARY
    """What is kept of people."""
    exclusion: Exclusion = NOBODY
    """Who does not count."""
    stitch: bool = True
    """Whether ids that belong to one person are put together (`friction.identity`)."""
    apart: Sequence[str] = ()
    """Ids that are joined with nobody."""
    way: Way = MEMORY
    """Whether rows are held in memory or on disk; never changes a result."""


@dataclass(frozen=True)
class Ingested:
    """Events ready to be reduced, and the books of reading."""

    events: Events
    books: Books
    capabilities: frozenset[str]
    at_hand: frozenset[str] = frozenset()
    """Kinds of rows, columns and facts of elements that occur (`friction.ingest.capabilities`)."""
    counted: Counted = field(default_factory=Counted.of)
    """What files of counts hold, which are no events; `file_id` as in the books."""
    streams: frozenset[str] = frozenset()
    """Capabilities that the files have by their nature."""
    heard: Heard = field(default_factory=Heard)
    """What files of answers, tickets, deals and customers hold, and the people behind all files."""

    @property
    def has_events(self) -> bool:
        """Whether there is anything for detectors."""
        return self.events.height > 0


STRAYS = frozenset({"input.not_a_table", "input.empty"})
"""Why a file was refused that nobody took for an export: a document, a picture, a file without content. Exports lie in
folders with such things, so they are passed over and said; whatever could be an export is refused.
"""


def ingest(
    request: Request, want: Wanted, rules: PageRules, goals: Sequence[Goal], progress: Progress
) -> Ingested:
    """Read all files, those in archives too. Raises `InputError` when one is unreadable, or when nothing usable
    remains; a member of an archive costs only itself, and so does one of the `STRAYS` beside other files.
    """
    pools = Pools()
    found: list[tuple[Gathered, FileBooks]] = []
    streams: set[str] = set()
    names = [_sayable(name) for name in request.names]
    inputs = plain_files(request.inputs, names, request.options.limits)
    faults: list[InputError] = []
    for number, file in enumerate(inputs.files):
        progress("reading", number / len(inputs.files), sum(gathered.rows.height for gathered, _ in found))
        try:
            gathered, books, given = _read(file, request, want, pools, is_only=len(inputs.files) == 1)
        except InputError as error:
            if file.archive is None and (len(inputs.files) == 1 or error.problem.code not in STRAYS):
                raise
            faults.append(error)
            inputs.pass_over(file.archive or file.name, file.name, error.problem.code)
            continue
        found.append((gathered, books))
        streams |= given
    if not found:
        raise faults[0]
    progress("sorting", 0.0, sum(gathered.rows.height for gathered, _ in found))
    found = without_copies(found)
    way = request.way
    rows, repeats = way.once(way.together([gathered.rows for gathered, _ in found]))
    rows, excluded = way.without(rows, request.exclusion)
    found = [(one, with_repeats(books, repeats.get(number, 0))) for number, (one, books) in enumerate(found)]
    counted = all_counts([gathered for gathered, _ in found], request.policy)
    kept = replace(all_books(found, inputs.passed_over), excluded=excluded)
    voices = all_voices([gathered for gathered, _ in found])
    if not rows.height and counted.is_empty and voices.is_empty:
        raise nothing_usable(kept)
    gathered_all = Everything(rows, pools, kept, frozenset(streams), counted, voices)
    return finished(gathered_all, request, want, rules, goals)


@dataclass(frozen=True)
class Everything:
    """The rows of all files, each once, before their order and their pages are worked out."""

    rows: Any
    """As the way of the request holds them."""
    pools: Pools
    books: Books
    streams: frozenset[str]
    counted: Counted
    voices: Voices = field(default_factory=Voices.of)
    """As they were read, each record once."""


def finished(
    found: Everything, request: Request, want: Wanted, rules: PageRules, goals: Sequence[Goal]
) -> Ingested:
    """Events ready to be reduced; of files that hold none their counts."""
    rows, books, counted = found.rows, found.books, found.counted
    if not rows.height:
        told = Heard(masked(found.voices, request.policy))
        able = counted.capabilities | told.capabilities
        nothing = no_events(pl.DataFrame(), want, goals)
        return Ingested(nothing, books, able, counted=counted, streams=found.streams, heard=told)
    batched, pieces = sum(file.facts.get("batched", 0) for file in books.files), request.way.pieces
    able = capabilities(pieces(rows)(None), found.streams, batched=batched)
    rows, told = _heard(found, request, want)
    hand = at_hand(pieces(rows)(None))
    events = assemble(
        rows, want, found.pools, rules, tuple(goals), request.part_rows, request.policy, request.way
    )
    books = replace(books, has_sessions=books.has_sessions and not are_visitors(events))
    able |= of_page_types(events.pages.types.values()) | counted.capabilities | told.capabilities
    return Ingested(events, books, able, hand | of_facts(events.told), counted, found.streams, told)


def _heard(found: Everything, request: Request, want: Wanted) -> tuple[Any, Heard]:
    """The rows with what customers said among them, and who is who; a table that is written holds the rows alone."""
    if want is EVERYTHING:
        return found.rows, Heard(masked(found.voices, request.policy))
    rows, way, people = found.rows, request.way, People()
    if request.stitch:
        people = people_of(way.pieces(rows), rows.columns, found.voices, request.apart, request.policy)
    known = pl.DataFrame() if found.voices.is_empty else way.in_memory(rows, ["ts", *TOLD])
    more, told = heard(known, found.voices, people, found.pools, request.policy)
    rows = way.added(rows, more) if more else rows
    return (rows.drop("email_hash") if "email_hash" in rows.columns else rows), told


def _read(
    input_: PlainFile, request: Request, want: Wanted, pools: Pools, *, is_only: bool
) -> tuple[Gathered, FileBooks, frozenset[str]]:
    """One file: what is wanted of it, its books, and what it can tell by its nature."""
    source, _, file = recognise(input_.path, input_.name, request.options.limits)
    # Summing up the bytes takes about as long as the independent count of records, so it goes on beside it.
    with ThreadPoolExecutor(1) as beside, named_damage(file):
        sha256 = beside.submit(_sha256, input_.path)
        reading = source.read(file, request.options)
        asked = request.exclusion
        gathered = request.way.gather(
            reading, want, pools, request.since, request.until, asked, is_only=is_only
        )
        gathered = inside(gathered, reading.counted, request.since, request.until)
        gathered = heard_inside(gathered, reading.voices, request.since, request.until)
    if gathered.total > request.options.limits.rows:
        raise request.options.limits.refusal("rows", file=input_.name)
    books = file_books(input_.name, sha256.result(), source.name, gathered, reading)
    return gathered, books, reading.streams


def _sayable(name: str) -> str:
    """The name in characters that can be written: those of files need not be UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode()


def are_visitors(events: Events) -> bool:
    """Whether every session bears the name of a visitor: the files have the column, and nothing in it.

    In a converted table the later pieces of such a session are numbered.
    """
    if not events.names.str.starts_with(MARK).all():
        return False
    visitors = events.words.by_column.get("visitor_id")
    whole = events.names.str.replace(r"~\d+$", "")
    return visitors is not None and bool(whole.is_in(visitors.drop_nulls().implode()).all())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
