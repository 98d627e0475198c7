"""What customers said beside the friction points: by session and person, else by page and day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from friction.heard import Answered, Contrast, Heard, HeardPoint, HeardTable, Identity, Sales, Score
from friction.identity import People
from friction.points import Points, identity
from friction.privacy.addresses import mask_address
from friction.summary.points import Names
from friction.values import dataclass
from friction.voices.figures import answered, contrast, score
from friction.voices.joining import WITHIN_H
from friction.voices.tables import SCALES, Voices

if TYPE_CHECKING:
    from friction.summary.analysis import Analysis

OF_ITSELF = frozenset({"support_contact", "low_score"})
"""Detectors that find what customers said: no friction to compare it with."""
POINTS_SHOWN = 200
COMMENTS_SHOWN = 3
FEWEST = 3
"""Answers on either side of a comparison, at least."""
PAGES_SHOWN = 100


def heard(analysis: Analysis, points: Points | None, names: Names) -> Heard | None:
    """All of it; null where no file holds anything of the kind."""
    if analysis.ingested.heard.voices.is_empty:
        return None
    said = _Said(analysis)
    return Heard(
        tables=said.tables(),
        scores=said.scores(names),
        contacts=said.contacts(said.troubled),
        contact_hours=WITHIN_H["tickets"],
        recognised=said.recognised.len() if said.has_tickets else 0,
        points=_points(said, points, names) if points else [],
        sales=said.sales(),
    )


def alone(voices: Voices) -> Heard | None:
    """The same without any event to stand beside; null where there is nothing of the kind."""
    if voices.is_empty:
        return None
    tables = [
        HeardTable(str(source), name, own.height, {}, 0, own.height)
        for name, table in voices.items()
        for (source,), own in sorted(table.partition_by("source", as_dict=True).items())
    ]
    whole = []
    given = voices.feedback.filter(pl.col("score").is_not_null())
    for (scale,), own in sorted(given.partition_by("scale", as_dict=True).items()):
        if str(scale) in SCALES:
            best = float(str(own["best"].max() or SCALES[str(scale)][1]))
            whole.append(score(str(scale), None, own["score"], best, None))
    return Heard(tables, whole)


def identified(people: People) -> Identity | None:
    """How ids were put together; null where no two ids stand together anywhere."""
    links = people.links.filter(pl.col("a") != pl.col("b"))
    if links.is_empty():
        return None
    counts = links.filter(pl.col("why_not").is_null()).group_by("rule").len().sort("rule")
    left = links.filter(pl.col("why_not").is_not_null()).group_by("why_not").len().sort("why_not")
    told = pl.concat([links["a"], links["b"]]).implode()
    members = people.members.select("word", "person").unique().filter(pl.col("word").is_in(told))
    return Identity(
        ids=members.height,
        people=members["person"].n_unique(),
        links={str(rule): int(n) for rule, n in counts.iter_rows()},
        left_out={str(why): int(n) for why, n in left.iter_rows()},
    )


@dataclass(frozen=True)
class _Said:
    """The records with the sessions and pages they belong to."""

    analysis: Analysis

    @cached_property
    def sessions(self) -> pl.DataFrame:
        """Those of people."""
        return self.analysis.tables.sessions.filter(~pl.col("automated"))

    @cached_property
    def troubled(self) -> pl.Series:
        """Sessions with friction of any kind."""
        tables, detectors = self.analysis.tables, self.analysis.detectors
        if not tables.height("hits"):
            return pl.Series(dtype=pl.UInt32())
        kinds = [name for name, one in detectors.items() if not one.outcome and name not in OF_ITSELF]
        met = tables.read("hits", "detector", "session_id").filter(
            pl.col("detector").cast(pl.String()).is_in(kinds)
        )
        return met["session_id"].unique().sort()

    @property
    def has_tickets(self) -> bool:
        return bool(self.analysis.ingested.heard.voices.tickets.height)

    def table(self, name: str) -> pl.DataFrame:
        ingested = self.analysis.ingested
        return ingested.heard.sessions(name, ingested.events, self.analysis.tables.sessions)

    @cached_property
    def tickets(self) -> pl.DataFrame:
        return self.table("tickets")

    @cached_property
    def answers(self) -> pl.DataFrame:
        """With `page`: the one the answer names, else the one its session was on."""
        table = self.table("feedback").with_row_index("record")
        views = self.analysis.tables.read("views", "session_id", "opened", "page")
        views = views.rename({"page": "seen"}).sort("opened")
        placed = table.filter(pl.col("session").is_not_null()).select("record", "session", "ts").sort("ts")
        on = placed.join_asof(
            views, left_on="ts", right_on="opened", by_left="session", by_right="session_id",
            strategy="backward", check_sortedness=False,
        )  # fmt: skip
        named = self._pages(table["url"])
        table = table.join(on.select("record", "seen"), on="record", how="left", maintain_order="left")
        return table.with_columns(page=pl.coalesce(named, "seen")).drop("seen", "record")

    def _pages(self, urls: pl.Series) -> pl.Series:
        """The page of each address, by its code; null where the events have no such address."""
        events = self.analysis.ingested.events
        known = {}
        if {"url", "page"} <= set(events.dictionaries):
            url, page = events.dictionaries["url"], events.dictionaries["page"]
            pairs = (
                pl.DataFrame({"url": url.ranks, "page": page.ranks}).drop_nulls().unique("url", keep="first")
            )
            words = url.words.gather(pairs["url"]).to_list()
            known = dict(zip(map(_bare, words), pairs["page"].to_list(), strict=True))
        found = [known.get(_bare(mask_address(each))) if each else None for each in urls.to_list()]
        return pl.Series("named", found, dtype=pl.UInt32())

    def tables(self) -> list[HeardTable]:
        """Each table of each tool with how it was joined."""
        found = []
        for name, voices in self.analysis.ingested.heard.voices.items():
            if not voices.height:
                continue
            table = self.answers if name == "feedback" else self.table(name)
            page = pl.col("page").is_not_null() if name == "feedback" else pl.lit(value=False)
            keyed = table.with_columns(
                by=pl.coalesce("key", pl.when(page).then(pl.lit("page"))),
                placed=pl.col("session").is_not_null(),
            )
            for (source,), own in sorted(keyed.partition_by("source", as_dict=True).items()):
                counts = own.drop_nulls("by").group_by("by").len().sort("by")
                joined = {str(key): int(n) for key, n in counts.iter_rows()}
                found.append(
                    HeardTable(
                        str(source),
                        name,
                        own.height,
                        joined,
                        int(own["placed"].sum()),
                        own["by"].null_count(),
                    )
                )
        return found

    def scores(self, names: Names) -> list[Score]:
        """The whole site by scale, then pages, those with most answers first."""
        given = self.answers.filter(
            pl.col("score").is_not_null() & pl.col("scale").cast(pl.String()).is_in(list(SCALES))
        )
        whole, by_page = [], []
        for (scale,), own in sorted(given.partition_by("scale", as_dict=True).items()):
            best = float(str(own["best"].max() or SCALES[str(scale)][1]))
            whole.append(score(str(scale), None, own["score"], best, None))
            for (page,), here in own.drop_nulls("page").partition_by("page", as_dict=True).items():
                others = own.filter(pl.col("page").ne_missing(page))["score"]
                by_page.append(score(str(scale), names.page(int(str(page))), here["score"], best, others))
        by_page.sort(key=lambda one: (-one.n, one.page or "", one.scale))
        return [*whole, *by_page[:PAGES_SHOWN]]

    @cached_property
    def recognised(self) -> pl.Series:
        """Sessions of people to whom a call for help could have been joined, by the keys that joined any."""
        keys = set(self.tickets["key"].drop_nulls())
        sessions = self.sessions
        if keys & {"session", "visitor"} or not keys:
            return sessions["session_id"]
        members = self.analysis.ingested.heard.people.members
        by_account = bool(keys & {"user", "customer"})
        kinds = ["email", *(["user"] if by_account else [])]
        people = members.filter(pl.col("kind").is_in(kinds))["person"].unique()
        able = pl.col("visitor").is_in(people.implode())
        if by_account and "user_id" in sessions.columns:
            able |= pl.col("user_id").is_not_null()  # an account that no link joins is known by itself
        return sessions.filter(able)["session_id"]

    def contacts(self, met: pl.Series, among: pl.Series | None = None) -> Contrast | None:
        """Sessions followed by a call for help: those of `met`, and the others of `among` (null: of all)."""
        if not self.has_tickets:
            return None
        able = (
            self.recognised
            if among is None
            else self.recognised.filter(self.recognised.is_in(among.implode()))
        )
        called = self.tickets["session"].drop_nulls().unique()
        after, without = able.filter(able.is_in(met.implode())), able.filter(~able.is_in(met.implode()))
        k_after, k_without = (int(each.is_in(called.implode()).sum()) for each in (after, without))
        return contrast(k_after, after.len(), k_without, without.len())

    def scored(self, met: pl.Series, among: pl.Series) -> Iterator[Answered]:
        """Scores of sessions of `met` and of the others of `among`."""
        given = self.answers.filter(pl.col("session").is_not_null() & pl.col("score").is_not_null())
        given = given.filter(pl.col("session").is_in(among.implode()))
        for (scale,), own in sorted(given.partition_by("scale", as_dict=True).items()):
            hit = own["session"].is_in(met.implode())
            after, without = own["score"].filter(hit), own["score"].filter(~hit)
            if min(after.len(), without.len()) >= FEWEST:
                yield answered(str(scale), "session", after, without)

    def scored_by_day(self, page: int, days: set[Any], zone: str) -> Iterator[Answered]:
        """Scores given on a page by people who are unknown, on these days and on others."""
        given = self.answers.filter(
            (pl.col("page") == page) & pl.col("session").is_null() & pl.col("score").is_not_null()
        )
        given = given.with_columns(day=pl.col("ts").dt.convert_time_zone(zone).dt.date())
        for (scale,), own in sorted(given.partition_by("scale", as_dict=True).items()):
            hit = own["day"].is_in(list(days))
            after, without = own["score"].filter(hit), own["score"].filter(~hit)
            if min(after.len(), without.len()) >= FEWEST:
                yield answered(str(scale), "page_day", after, without)

    def comments(self, met: pl.Series) -> list[str]:
        """What some said who met it: the lowest scores first."""
        own = self.answers.filter(pl.col("session").is_in(met.implode()) & pl.col("comment").is_not_null())
        ranked = own.sort("score", "ts", "comment", nulls_last=True).unique(
            "comment", keep="first", maintain_order=True
        )
        return ranked["comment"].head(COMMENTS_SHOWN).to_list()

    def sales(self) -> Sales | None:
        """Deals by how they ended."""
        deals = self.table("deals")
        if not deals.height:
            return None
        ended = {
            name: int((deals["outcome"].cast(pl.String()) == name).sum()) for name in ("won", "lost", "open")
        }
        won = deals.filter(pl.col("outcome") == "won").drop_nulls("amount")
        sums = won.group_by(pl.col("currency").fill_null("")).agg(
            total=(pl.col("amount") * 1e6).round().cast(pl.Int64).sum()
        )
        amounts = {str(currency): total / 1e6 for currency, total in sums.sort("currency").iter_rows()}
        known = deals.filter(
            pl.col("person").is_in(self.sessions["visitor"].unique().implode())
            & pl.col("outcome").cast(pl.String()).is_in(["won", "lost"])
        )
        troubled = self.sessions.filter(pl.col("session_id").is_in(self.troubled.implode()))[
            "visitor"
        ].unique()
        hit, gained = known["person"].is_in(troubled.implode()), known["outcome"].cast(pl.String()) == "won"
        between = contrast(
            int((hit & gained).sum()), int(hit.sum()), int((~hit & gained).sum()), int((~hit).sum())
        )
        return Sales(**ended, amounts=amounts, people=between if known.height else None)


def _points(said: _Said, points: Points, names: Names) -> list[HeardPoint]:
    """What stands beside the points that most sessions met."""
    table = points.table.filter(~pl.col("detector").cast(pl.String()).is_in(list(OF_ITSELF)))
    chosen = table.sort("sessions", "point", descending=[True, False]).head(POINTS_SHOWN).sort("point")
    zone = said.analysis.zone
    days = said.analysis.tables.sessions.select(
        day=pl.col("start").dt.convert_time_zone(zone).dt.date()
    ).to_series()
    met = points.met.filter(pl.col("point").is_in(chosen["point"].implode())).partition_by(
        "point", as_dict=True
    )
    seen = points.seen.partition_by("page", as_dict=True)
    found = []
    for row in chosen.iter_rows(named=True):
        hit = met[(row["point"],)]["session_id"]
        exposed = seen[(row["page"],)]["session_id"] if (row["page"],) in seen else hit
        one = _point(said, row, names, hit, exposed, set(days.gather(hit).to_list()))
        if one.scores or one.comments or (one.contacts and one.contacts.after.k + one.contacts.without.k):
            found.append(one)
    return sorted(found, key=lambda one: one.id)


def _point(
    said: _Said, row: Mapping[str, Any], names: Names, hit: pl.Series, exposed: pl.Series, days: set[Any]
) -> HeardPoint:
    name = str(row["detector"])
    return HeardPoint(
        identity(name, names.page(row["page"]), names.target(name, row["target"])),
        said.contacts(hit, exposed),
        [*said.scored(hit, exposed), *said.scored_by_day(row["page"], days, said.analysis.zone)],
        said.comments(hit),
    )


def _bare(address: str) -> str:
    """An address without scheme, query and fragment, as a survey and the events write it alike."""
    rest = address.partition("?")[0].partition("#")[0]
    rest = rest.partition("://")[2] if "://" in rest else rest
    return rest.rstrip("/") or "/"
