"""All sessions of people as one table, by visitor and time, with everything the lanes count by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from friction.journey.channels import ALL, offline
from friction.journey.origins import SAID, channels_of
from friction.summary.journey.ground import Ground
from friction.values import dataclass

CODE = {name: number for number, name in enumerate(ALL)}


@dataclass(frozen=True)
class Trips:
    """`table`, one row a session in the order of visitor and start: `session_id, visitor` (numbers from 0), `start,
    end` (µs), `stage, rule, channel_code` (numbers), `device, name` (texts; `name`: the first event's), `month`, `won`,
    `won_at` (µs), `goals` (bits), `scroll`, `placed` (it has a page, or none has), what was said of the channel.
    """

    table: pl.DataFrame
    visitors: int

    @property
    def sessions(self) -> int:
        """Of people."""
        return self.table.height


def trips(ground: Ground) -> Trips:
    """Put the table together."""
    tables, events = ground.analysis.tables, ground.analysis.ingested.events
    people = tables.sessions.filter(~pl.col("automated")).join(
        ground.staged.session, on="session_id", how="left", maintain_order="left"
    )
    if tables.origins.width:
        people = people.join(tables.origins, on="session_id", how="left", maintain_order="left")
    people = _worded(
        people, ("channel", "medium", "campaign", "tags", "device", "name"), events.words.by_column
    )
    people = _with_channels(people, events.pages.main_host)
    local = pl.col("start").dt.convert_time_zone(ground.analysis.zone)
    has_goal = "goal_view" in people.columns
    table = people.select(
        *("session_id", "goals", "placed", "device", "name", "scroll"),
        *SAID,
        visitor=pl.col("visitor").rank("dense").cast(pl.Int64) - 1,
        start=pl.col("start").to_physical(),
        end=pl.col("end").to_physical(),
        stage=pl.col("stage").fill_null(0),
        rule=pl.col("rule").fill_null(0),
        channel_code=pl.col("found").replace_strict(list(CODE), list(CODE.values()), return_dtype=pl.Int64),
        month=local.dt.strftime("%Y-%m"),
        won=pl.col("goal_view").is_not_null() if has_goal else pl.lit(value=False),
        won_at=_won_at(people, tables.read("views", "view", "opened")),
    ).sort("visitor", "start", "session_id")
    visitors = table["visitor"].max()
    return Trips(table, 0 if visitors is None else int(visitors) + 1)  # type: ignore[arg-type]


def _won_at(people: pl.DataFrame, views: pl.DataFrame) -> pl.Series:
    """When the page view of the conversion was opened; else the session's start."""
    start = people["start"].to_physical()
    if "goal_view" not in people.columns:
        return start
    opened = views.select(goal_view="view", at=pl.col("opened").to_physical())
    at = people.select("goal_view").join(opened, on="goal_view", how="left", maintain_order="left")["at"]
    return at.fill_null(start)


def _worded(people: pl.DataFrame, names: Sequence[str], words: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Coded columns as texts, and all columns that may be missing as nulls."""
    none = pl.repeat(None, people.height, dtype=pl.String(), eager=True)
    texts = [
        words[name].gather(people[name]).alias(name)
        if name in people.columns and name in words
        else none.alias(name)
        for name in names
    ]
    people = people.with_columns(texts)
    if "referrer" not in people.columns:
        people = people.with_columns(none.alias("referrer"))
    if "scroll" not in people.columns:
        people = people.with_columns(scroll=pl.lit(None, pl.Float32()))
    return people


def _with_channels(people: pl.DataFrame, own_host: str | None) -> pl.DataFrame:
    """Add `found`, the channel by name, and see to `placed`: without any page in the data all is on the product."""
    if "placed" not in people.columns or not people["placed"].any():
        return people.with_columns(placed=pl.lit(value=True), found=channels_of(people, own_host))
    people = people.with_columns(found=channels_of(people, own_host))
    vague = ~pl.col("placed") & pl.col("found").is_in(["direct", "unassigned"])
    names = people.filter(vague)["name"].unique().to_list()
    by_name = pl.DataFrame(
        {"name": names, "outside": [offline(name) for name in names]},
        schema={"name": pl.String(), "outside": pl.String()},
    )
    people = people.join(by_name, on="name", how="left", nulls_equal=True, maintain_order="left")
    return people.with_columns(found=pl.when(vague).then("outside").otherwise("found"))
