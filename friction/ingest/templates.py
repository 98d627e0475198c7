"""Addresses as words: each masked, with the template of its page and what its query says of campaigns."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.dictionaries import Dictionary, regrouped
from friction.ingest.addresses import Masked
from friction.journey.origins import campaign_tags
from friction.pages import PageRules, Pages, mine
from friction.privacy.addresses import mask_query

NOWHERE = "(no page)"
"""The page of rows in a session that never names one."""


def mined(
    seen: NDArray[np.int64], raw: pl.Series | None, rules: PageRules, masked: Masked | None = None
) -> tuple[Pages, dict[str, Dictionary]]:
    """Mask the distinct addresses and mine their templates; the dictionaries of `url` and `page`.

    `raw` are the addresses as they stand, `seen` rows by their number there; null where no row has any. `masked` are
    those that were begun with before.
    """
    if raw is None:
        return Pages(main_host=None, templates=[], types={}), {}
    urls = regrouped((masked or Masked()).of(raw))
    counts = _per_word(seen, urls)
    used = pl.Series(np.flatnonzero(counts).astype(np.uint32))
    pages = mine(urls.words.gather(used).to_list(), counts[counts > 0].tolist(), rules)
    template = pl.repeat(None, urls.words.len(), dtype=pl.String, eager=True)
    template = template.scatter(used, pl.Series(pages.templates, dtype=pl.String))
    page = regrouped(template.gather(urls.ranks))
    with_none = pl.concat([page.words, pl.Series("word", [NOWHERE])])
    return pages, {"url": urls, "page": Dictionary(with_none, page.ranks)}


def campaigns(addresses: pl.Series) -> Dictionary:
    """What the queries of addresses say of campaigns, by their number."""
    queries = addresses.str.extract(r"\?([^#]*(?:utm_|clid|gclsrc|gbraid|wbraid|li_fat_id|epik)[^#]*)")
    known = queries.unique().drop_nulls().sort()
    told = pl.Series([campaign_tags(mask_query(query)) for query in known], dtype=pl.String())
    found = pl.DataFrame({"query": queries}).join(
        pl.DataFrame({"query": known, "told": told}), on="query", how="left", maintain_order="left"
    )
    return regrouped(found["told"])


def _per_word(seen: NDArray[np.int64], words: Dictionary) -> NDArray[np.int64]:
    """Rows by word, from those by number in the pool, of which there are as many or more."""
    in_pool = np.pad(seen, (0, words.ranks.len() - len(seen)))
    total = np.zeros(words.words.len(), np.int64)
    known = words.ranks.is_not_null().to_numpy()
    np.add.at(total, words.ranks.drop_nulls().to_numpy(), in_pool[known])
    return total
