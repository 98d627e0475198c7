"""From tables of counts to what a report says: places ranked by how many are affected, each share with its range.

What a tool counts has no cost here: nothing tells what would have become of the session without it. So places are
ranked by the sessions that are affected, after their share has been drawn towards that of all places as far as chance
explains it; of leaving, which happens everywhere, by those beyond the share elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from friction.counting import sums
from friction.counting.figures import p_value, strength, wilson
from friction.counting.periods import once
from friction.counting.tables import MARKS, NATURAL, Counted
from friction.pages import PageRules, mine
from friction.privacy.addresses import mask_address
from friction.rank import FALSE_DISCOVERIES, q_values
from friction.tallies import Average, Count, CountedSession, Standing, Tally
from friction.values import dataclass

LISTED = 500
"""Places of a tally that are listed; JSON that nobody reads helps nobody."""
MOMENTS = 3
RANKED = frozenset({"page", "landing_page", "element"})
_COLUMN = {measure: column for column, measure in MARKS.items()}


@dataclass(frozen=True)
class Within:
    """The analysis that the counts belong to: names of files, rules of pages, addresses that its events have."""

    files: list[str]
    rules: PageRules
    addresses: Iterable[str] = ()
    main_host: str | None = None
    limited: frozenset[str] = frozenset()
    """Tools of which some file is as long as it may be."""


def tallies(counted: Counted, within: Within) -> list[Tally]:
    """One tally a tool and form, by name; the same tables in any order give the same."""
    sessions, repeated = _each_once(counted.sessions)
    summed, left_out = once(counted.aggregates)
    pages = _pages([sessions["landing_url"], summed["url"]], within)
    shares, means = sums.of_aggregates(summed, pages)
    counts = pl.concat([sums.of_sessions(sessions, pages), shares], how="diagonal")
    averages = pl.concat([sums.means_of_sessions(sessions, pages), means], how="diagonal_relaxed")
    found = []
    for source in sorted({*sessions["source"].unique(), *summed["source"].unique()}):
        own, figures = sessions.filter(pl.col("source") == source), summed.filter(pl.col("source") == source)
        if figures.height:
            tool = _Tool(
                source, *(each.filter(source=source, form="aggregates") for each in (counts, averages))
            )
            found.append(tool.of_aggregates(figures, left_out[source], within))
        if own.height:
            tool = _Tool(
                source, *(each.filter(source=source, form="sessions") for each in (counts, averages))
            )
            found.append(tool.of_sessions(own, pages, within, source in repeated))
    return found


@dataclass(frozen=True)
class _Tool:
    """What one tool counted in one form: rows of `sums`."""

    source: str
    counts: pl.DataFrame
    means: pl.DataFrame

    def of_sessions(
        self, sessions: pl.DataFrame, pages: Mapping[str, str], within: Within, is_repeated: bool
    ) -> Tally:
        """The tally of a list."""
        ranked, overall = self._judged()
        codes = {"page_of_entry"} | ({"counted_once"} if is_repeated else set())
        codes |= {"zone_assumed"} if sessions["tz_assumed"].any() else set()
        return Tally(
            source=self.source,
            form="sessions",
            records=sessions.height,
            sessions=sessions.height,
            start=_moment(sessions["start"].min()),
            end=_moment(sessions["start"].max()),
            counts=[replace(one, evidence=_evidence(one, sessions, pages, within.files)) for one in ranked],
            overall=overall,
            averages=self._averages(),
            caveats=sorted(codes),
        )

    def of_aggregates(self, summed: pl.DataFrame, left_out: set[str], within: Within) -> Tally:
        """The tally of figures."""
        ranked, overall = self._judged()
        first, last = summed["period_start"].min(), summed["period_end"].max()
        limited = {"rows_limit"} if self.source in within.limited else set()
        return Tally(
            source=self.source,
            form="aggregates",
            records=summed.height,
            sessions=_total(summed),
            start=str(first) if first else None,
            end=str(last) if last else None,
            counts=ranked,
            overall=overall,
            averages=self._averages(),
            caveats=sorted(left_out | limited),
        )

    def _judged(self) -> tuple[list[Count], list[Count]]:
        """The places that rank, and the whole site with kinds of visitors."""
        groups = self.counts.group_by("measure", "basis", "of")
        tested = _tested([each for _, group in groups for each in _judged(group)])
        ranked = [one for one in tested if one.basis in RANKED and one.affected and one.extra > 0]
        ranked.sort(key=lambda one: (-one.extra, one.id))
        shown = [replace(one, rank=number) for number, one in enumerate(ranked[:LISTED], start=1)]
        return shown, sorted((one for one in tested if one.basis not in RANKED), key=_place)

    def _averages(self) -> list[Average]:
        return sorted(_averages(self.means), key=_by_weight)[:LISTED]


def _each_once(sessions: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Every session of a tool once, also when two lists overlap; and how often one was met again, by tool."""
    order = ["source", "session_id", "start", "duration_s", "file_id", "row_no"]
    single = sessions.sort(order).unique(["source", "session_id"], keep="last", maintain_order=True)
    again = sessions.group_by("source").len("all").join(single.group_by("source").len("once"), on="source")
    return single, {str(name): every - kept for name, every, kept in again.iter_rows() if every > kept}


def _pages(columns: Iterable[pl.Series], within: Within) -> dict[str, str]:
    """Address as it was given → its page; addresses that the events have take part, so that both name a page alike."""
    given = pl.concat(columns).drop_nulls().value_counts().sort("landing_url")
    masked = {address: mask_address(address) for address in given["landing_url"]}
    extra = sorted(set(within.addresses) - set(masked.values()))
    words = [*masked.values(), *extra]
    views = [*given["count"].to_list(), *(1 for _ in extra)]
    rules = replace(within.rules, main_host=within.rules.main_host or within.main_host)
    templates = mine(words, views, rules).templates
    return dict(zip(masked, templates[: len(masked)], strict=True))


def _judged(group: pl.DataFrame) -> Iterator[tuple[Count, float | None]]:
    """The places of one measure, each beside the others, with the chance of its difference."""
    rows = group.sort("page", "target", "dims", nulls_last=True).to_dicts()
    all_n, all_k = sum(row["n"] for row in rows), sum(row["k"] for row in rows)
    weight = strength([(row["k"], row["n"]) for row in rows])
    for row in rows:
        n, k = row["n"], row["k"]
        elsewhere = (all_k - k) / (all_n - n) if all_n > n else None
        drawn = (k + weight * all_k / all_n) / (n + weight)
        usual = (elsewhere or 0.0) if row["measure"] in NATURAL else 0.0
        low, high = wilson(k, n)
        p = p_value(k, n, all_k, all_n) if elsewhere is not None else None
        yield (
            Count(
                rank=None,
                id=_identity(row),
                measure=row["measure"],
                basis=row["basis"],
                page=row["page"],
                target=row["target"],
                segment=json.loads(row["dims"]) if row["dims"] else {},
                of=row["of"],
                exposed=n,
                affected=k,
                share=k / n,
                low=low,
                high=high,
                incidents=row["incidents"],
                elsewhere=elsewhere,
                extra=n * (drawn - usual),
                q_value=None,
                standing=None,
            ),
            p,
        )


def _tested(judged: list[tuple[Count, float | None]]) -> list[Count]:
    """With the share of false ones among what differs this clearly, over all places of the tally."""
    ordered = sorted(judged, key=lambda each: each[0].id)
    found = []
    for (one, _), q in zip(ordered, q_values([p for _, p in ordered]), strict=True):
        differs = q is not None and q <= FALSE_DISCOVERIES and one.elsewhere is not None
        above = one.share > (one.elsewhere or 0.0)
        standing: Standing = ("above" if above else "below") if differs else "usual"
        found.append(replace(one, q_value=q, standing=standing if q is not None else None))
    return found


def _identity(row: Mapping[str, Any]) -> str:
    """16 hex digits: the same place and measure of a tool, whatever its figures."""
    text = "\x1f".join(str(row[name] or "") for name in sums.PLACE)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _place(one: Count) -> tuple[str, bool, str, str]:
    return (one.measure, one.basis != "site", json.dumps(one.segment, sort_keys=True), one.id)


def _by_weight(one: Average) -> tuple[str, float, str, str, str]:
    return (one.measure, -one.n, one.page or "", one.target or "", json.dumps(one.segment, sort_keys=True))


def _averages(rows: pl.DataFrame) -> Iterator[Average]:
    for row in rows.iter_rows(named=True):
        yield Average(
            measure=row["measure"],
            basis=row["basis"],
            page=row["page"],
            target=row["target"],
            segment=json.loads(row["dims"]) if row["dims"] else {},
            mean=row["total"] / row["n"],
            unit=row["unit"],
            n=row["n"],
            of=row["of"],
        )


def _evidence(
    one: Count, sessions: pl.DataFrame, pages: Mapping[str, str], files: list[str]
) -> list[CountedSession]:
    """The sessions that show a count most often."""
    if one.basis != "landing_page" or one.measure not in _COLUMN:
        return []
    column = _COLUMN[one.measure]
    here = [address for address, page in pages.items() if page == one.page]
    hit = sessions.filter(pl.col("landing_url").is_in(here), pl.col(column) > 0)
    most = hit.sort([column, "start", "session_id"], descending=[True, False, False]).head(MOMENTS)
    return [
        CountedSession(
            session_id=row["session_id"],
            start=_moment(row["start"]) or "",
            count=row[column],
            duration_s=row["duration_s"],
            replay_url=row["recording_url"],
            file=files[row["file_id"] or 0],
            row=row["row_no"],
        )
        for row in most.iter_rows(named=True)
    ]


def _total(summed: pl.DataFrame) -> int | None:
    """Sessions of the whole site, where the tool says so."""
    own = summed.filter(pl.col("basis") == "site", pl.col("measure") == "sessions")
    return round(own["k"].sum()) if own.height else None


def _moment(value: Any) -> str | None:
    return None if value is None else value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
