"""Addresses without what they say of people, each distinct one masked once: in Python alone, and long before all
columns of a file are read. So those of a file are begun with as soon as they are known, in a thread of their own.
"""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl

from friction.privacy.addresses import DOORS, MAX_LENGTH, mask_address

_PLAIN = (
    r"^(?:https?://[a-z0-9.-]+(?::[0-9]+)?)?"
    r"(?:/(?:[a-z]{1,15}(?:[-_](?:[a-z]{1,15}|[0-9]{1,8}))*|[0-9]{1,12}|v[0-9]{1,3})?)*$"
)
"""Origins in lower case, words, slugs and short numbers: nothing that any rule of masking is about …"""
_DOOR = "/(?:" + "|".join(map(re.escape, sorted(DOORS))) + ")/"
"""… unless it follows one of these."""
Known = pl.DataFrame
"""`word, masked` of distinct addresses."""


class Masked:
    """What became of the addresses so far. Never changes a result: what was not begun is done when it is asked for."""

    def __init__(self) -> None:
        self._begun: Future[Known] | None = None

    def begin(self, raw: pl.Series) -> None:
        """Mask these addresses meanwhile, unless others were begun already."""
        if self._begun is None:
            pool = ThreadPoolExecutor(1)
            self._begun = pool.submit(lambda: masked(distinct(bare(raw))))
            pool.shutdown(wait=False)

    def of(self, raw: pl.Series) -> pl.Series:
        """By place what each address becomes, null for null."""
        plain = bare(raw)
        every = distinct(plain)
        known = masked(every) if self._begun is None else self._begun.result()
        self._begun = None
        if (others := every.filter(~every.is_in(known["word"].implode()))).len():
            known = pl.concat([known, masked(others)])
        asked = pl.DataFrame({"word": plain})
        return asked.join(known, on="word", how="left", maintain_order="left")["masked"]


def bare(raw: pl.Series) -> pl.Series:
    """Addresses without query and mere fragment: what is masked, and told apart, at most."""
    return raw.str.replace(r"\?[^#]*", "").str.replace(r"#[^/!].*$|#$", "")


def distinct(plain: pl.Series) -> pl.Series:
    """Each address once, sorted."""
    return plain.unique().drop_nulls().sort()


def masked(addresses: pl.Series) -> Known:
    """These addresses, and what each becomes."""
    odd = (~unchanged(addresses)).arg_true()
    texts = [mask_address(address) for address in addresses.gather(odd)]
    changed = addresses.clone().scatter(odd, pl.Series(texts, dtype=pl.String()))
    return pl.DataFrame({"word": addresses, "masked": changed})


def unchanged(addresses: pl.Series) -> pl.Series:
    """Whether masking leaves an address as it is for certain: to tell that costs a fraction of masking it."""
    plain = addresses.str.contains(_PLAIN) & ~addresses.str.contains(_DOOR)
    return plain & (addresses.str.len_bytes() <= MAX_LENGTH)
