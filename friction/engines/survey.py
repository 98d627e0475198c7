"""The first pass over a shard: distinct words, and the few facts that every shard must know of all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl

from friction.engines.job import Job
from friction.engines.known import HERE, REJECTS_KEPT, Told
from friction.engines.shard import Read, read
from friction.identity import IDS, LINK, of_rows, of_words
from friction.ingest.capabilities import at_hand, capabilities, of_facts
from friction.ingest.columns import WORDS
from friction.ingest.survey import READ, Survey
from friction.ingest.voices import HASHED
from friction.ingest.word_facts import element_facts

OF_ALL = frozenset({"few_rows"})
"""What only all rows together can tell."""


def surveyed(path: Path, job: Job) -> Told:
    """What a shard says."""
    found = read(path, job)
    rows, gathered, survey = found.rows, found.gathered, Survey()
    if rows.height:
        survey.take(rows.select(name for name in READ if name in rows.columns))
    counts = gathered.rejects["reason"].value_counts()
    links, is_hashed = _links(found, job)
    return Told(
        words={name: _words(found, name, survey) for name in job.want.coded if _is_everywhere(name, rows)},
        are_visitors=_are_visitors(found),
        has_views=survey.has_views,
        knows_scroll_ends=survey.knows_scroll_ends,
        clicks=survey.clicks,
        corners=survey.corners,
        capabilities=capabilities([rows]) if rows.height else frozenset(),
        at_hand=_at_hand(found, job) if rows.height else frozenset(),
        columns=tuple(rows.columns),
        has_sessions=gathered.has_sessions,
        height=rows.height,
        total=gathered.total,
        accepted=gathered.accepted,
        outside=gathered.outside,
        repeated=found.repeated,
        sampled=found.sampled,
        unreadable=Counter(gathered.unreadable),
        excluded=tuple(found.excluded),
        reasons=Counter(dict(counts.iter_rows())),
        rejects=gathered.rejects.head(REJECTS_KEPT),
        links=links,
        is_hashed=is_hashed,
    )


def _is_everywhere(name: str, rows: pl.DataFrame) -> bool:
    return name in WORDS and name not in HERE and name in rows.columns


def _words(found: Read, name: str, survey: Survey) -> pl.DataFrame:
    """Every word that was read, also of rows that do not count; rows that count, for addresses."""
    words = found.words(name)
    seen = survey.addresses if name == "url" else np.zeros(0, np.int64)
    numbers = pl.Series(np.pad(seen, (0, words.len() - len(seen))), dtype=pl.Int64())
    return pl.DataFrame({"word": words, "n": numbers})


def _are_visitors(found: Read) -> bool:
    """Whether every session bears the name of a visitor."""
    if "visitor_id" not in found.rows.columns:
        return False
    sessions, visitors = found.words("session_id"), found.words("visitor_id")
    return sessions.sort().equals(visitors.sort())


def _at_hand(found: Read, job: Job) -> frozenset[str]:
    rows = found.rows.drop("email_hash", strict=False)
    return (at_hand([rows]) - OF_ALL) | of_facts(element_facts(rows, found.pools, job.want))


def _links(found: Read, job: Job) -> tuple[pl.DataFrame, bool]:
    """What says which ids belong to one person, as `friction.ingest.voices.people_of` asks."""
    rows = found.rows
    if not job.asked.identity.stitch:
        return LINK.to_frame(), False
    ids = [name for name in IDS.values() if name in rows.columns]
    places = [name for name in ("file_id", "row_no") if name in rows.columns]
    parts, is_hashed = [of_rows([rows.select(*ids, *places)] if len(ids) > 1 and rows.height else ())], False
    for kind in ("visitor", "user"):
        if f"{kind}_id" in ids:
            words = found.words(f"{kind}_id")
            if words.str.contains(f"@|{HASHED}").any():
                said = rows[f"{kind}_id"].unique().drop_nulls().cast(pl.String())
                parts.append(of_words(said, kind))
                is_hashed |= bool(said.str.contains(HASHED).any())
    return pl.concat(parts), is_hashed
