"""Where each session came from and how it went, as far as rows say it: what channels, touchpoints and personas need."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from friction.journey.channels import Origin, channel

COLUMNS = frozenset({"name", "referrer", "medium", "tags", "scroll_pct"})
"""Columns of rows that are asked for besides, as far as the input has them; `tags`: campaign tags of the address."""
CAMPAIGN_TAGS = frozenset({"utm_source", "utm_medium", "utm_campaign"})
SAID = ("channel", "medium", "campaign", "referrer", "tags")
"""What the data say of where a session comes from."""
_ORIGIN = r"(?i)^((?:[a-z-]+:)?//[^/?#]+)"


def origins_table(people: pl.DataFrame) -> pl.DataFrame:
    """One row a session, by `session_id`: `placed` (it has a page), `referrer` (its scheme and host), codes `tags` and
    `name` (its first event's), `scroll` (the deepest, per cent). Null: the rows do not say.
    """
    have = set(people.columns)
    opens = people.filter(pl.col("session_id").ne_missing(pl.col("session_id").shift()))
    table = opens.select("session_id", *(name for name in ("tags", "name") if name in have))
    placed = (
        people.filter(pl.col("url").is_not_null())["session_id"].unique()
        if "url" in have
        else pl.Series(dtype=pl.UInt32)
    )
    table = table.with_columns(placed=pl.col("session_id").is_in(placed.implode()))
    if "referrer" in have:
        said = people.lazy().select("session_id", "referrer").drop_nulls()
        said = said.unique("session_id", keep="first", maintain_order=True)
        first = said.with_columns(pl.col("referrer").str.extract(_ORIGIN))
        table = table.join(
            first.collect(engine="in-memory"), on="session_id", how="left", maintain_order="left"
        )
    if "scroll_pct" in have:
        deepest = people.lazy().group_by("session_id").agg(scroll=pl.col("scroll_pct").max())
        table = table.join(
            deepest.collect(engine="in-memory"), on="session_id", how="left", maintain_order="left"
        )
    return table


def answers_table(people: pl.DataFrame) -> pl.DataFrame:
    """Answers of surveys among the events, one row each: `session_id, name` (a code), `value`."""
    if not {"name", "value"} <= set(people.columns):
        return pl.DataFrame()
    said = pl.col("kind") == "feedback"
    return people.filter(said, pl.col("value").is_not_null()).select("session_id", "name", "value")


def campaign_tags(query: str) -> str | None:
    """Of the query of an address what tells a campaign: source, medium and name, and that there is a click id."""
    from friction.journey.channels import CLICK_IDS

    parts = (part.partition("=") for part in query.split("&"))
    kept = [
        f"{name.lower()}={value}" if name.lower() in CAMPAIGN_TAGS else name.lower()
        for name, _, value in parts
        if name.lower() in CLICK_IDS or (value and name.lower() in CAMPAIGN_TAGS)
    ]
    return "&".join(sorted(set(kept))) or None


def channels_of(table: pl.DataFrame, own_host: str | None) -> pl.Series:
    """The channel of each session; `table` has the texts `SAID`."""
    distinct = table.select(SAID).unique()
    found = [channel(Origin(*row), own_host) for row in distinct.iter_rows()]
    known = distinct.with_columns(found=pl.Series(found, dtype=pl.String))
    return table.select(SAID).join(known, on=SAID, how="left", nulls_equal=True, maintain_order="left")[
        "found"
    ]


def told_as(row: Sequence[str | None]) -> str:
    """What a source said of where sessions come from, in one line: `google / cpc`, a host, or a word."""
    source, medium, campaign, referrer, tags = row
    if tags:
        return tags
    if source or medium or campaign:
        return " / ".join(each for each in (source, medium, campaign) if each)
    return referrer or ""
