"""What customers said, as it may be kept: who somebody is becomes a keyed hash, texts lose what names a person."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from friction.privacy.addresses import mask_address
from friction.privacy.columns import Policy
from friction.privacy.identities import session, visitor
from friction.privacy.texts import mask_text
from friction.voices.tables import Voices

COMMENT = 600
"""Characters of a comment or of the text of a ticket that are kept."""
_SHORT = ("question", "channel", "status", "priority", "category", "stage", "device", "country", "currency")
_LONG = ("comment", "subject", "body")
_WEB = ("url", "recording_url")
_NUMBERS = ("session_id", "customer_id", "answer_id", "ticket_id", "deal_id")


def masked(voices: Voices, policy: Policy) -> Voices:
    """The same tables without anything that says who somebody is; masking twice changes nothing more."""
    return Voices(**{name: _masked(table, policy) for name, table in voices.items()})


def _masked(table: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    rules: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(_SHORT, mask_text),
        **dict.fromkeys(_LONG, lambda text: mask_text(text, COMMENT)),
        **dict.fromkeys(_WEB, mask_address),
        **dict.fromkeys(_NUMBERS, lambda raw: session(raw, policy.key, ())),
        **dict.fromkeys(("visitor_id", "user_id", "email_hash"), lambda raw: visitor(raw, policy.key)),
    }
    changed = [_mapped(table[name], rule) for name, rule in rules.items() if name in table.columns]
    if "tags" in table.columns:
        changed.append(_tags(table["tags"]))
    return table.with_columns(changed)


def _mapped(column: pl.Series, rule: Callable[[str], str]) -> pl.Series:
    """Each distinct text once."""
    distinct = column.unique().drop_nulls()
    if distinct.is_empty():
        return column
    kept = pl.Series([rule(text) for text in distinct], dtype=pl.String())
    return column.replace_strict(distinct, kept, default=None, return_dtype=pl.String())


def _tags(column: pl.Series) -> pl.Series:
    masked_ = pl.element().map_elements(mask_text, return_dtype=pl.String())
    return column.to_frame().select(pl.col("tags").list.eval(masked_))["tags"]
