"""Facts that follow from words alone: of elements and targets by their number in the pool, of names by their code."""

from __future__ import annotations

from typing import Any

import polars as pl

from friction.dictionaries import looked_up
from friction.elements import facts
from friction.elements.chain import chain_facts
from friction.ingest.columns import Wanted
from friction.ingest.gather import Pools, element_frame
from friction.ingest.words import pool_words


def element_flags(rows: Any, pools: Pools, want: Wanted) -> dict[str, pl.Series]:
    """`el_flags` by pool number of the element; of the target, for rows that say nothing else about it.

    Nothing where nobody asks for them.
    """
    flags: dict[str, pl.Series] = {}
    if not want.elements or "el_flags" not in want.on_rows:
        return flags
    if "element" in rows.columns:
        flags["element"] = facts(element_frame(pool_words(pools.pools["element"]), want.element))
    if "target" in rows.columns:
        flags["target"] = facts(pl.DataFrame({"target": pool_words(pools.pools["target"])}))
    return flags


def element_facts(rows: Any, pools: Pools, want: Wanted) -> dict[str, dict[str, pl.Series]]:
    """Facts of elements by column and pool; of the target, for rows that say nothing else."""
    told: dict[str, dict[str, pl.Series]] = {column: {} for column in want.of_element}
    for pool in ("element", "target"):
        if want.of_element and pool in rows.columns:
            words = pool_words(pools.pools[pool])
            frame = element_frame(words, want.element) if pool == "element" else pl.DataFrame({pool: words})
            for column, facts_of_words in chain_facts(frame, want.of_element).items():
                told[column][pool] = facts_of_words
    return {column: by_pool for column, by_pool in told.items() if by_pool}


def name_facts(words: dict[str, pl.Series], want: Wanted) -> dict[str, dict[str, pl.Series]]:
    """Facts of the names of events by column, by their code."""
    if "name" not in words:
        return {}
    names = words["name"].to_list()
    return {
        column: {"name": pl.Series([fact(name) for name in names], dtype=pl.Int64())}
        for column, fact in want.of_name.items()
    }


def facts_of_rows(
    raw: pl.DataFrame, coded: dict[str, pl.Series], by_pool: dict[str, pl.Series]
) -> list[pl.Series]:
    """By pool: the fact of each row's word. Elements and targets have the numbers of their pool, names their codes."""
    return [
        looked_up(known, coded[pool] if pool == "name" else raw[pool].to_physical())
        for pool, known in by_pool.items()
    ]
