"""The words of an analysis as they may leave it: nothing that is written is made of any others.

Texts are masked where dictionaries are made, each distinct one once, so that two that look alike afterwards are one.
Ids of visitors and sessions keep their own numbers and only change their names: who is who does not depend on a key.
"""

from __future__ import annotations

import polars as pl

from friction.dictionaries import Dictionary, dictionary, regrouped
from friction.privacy.columns import Policy
from friction.privacy.identities import session, visitor

IDENTITIES = frozenset({"session_id", "visitor_id", "user_id"})
HARMLESS = r"^[A-Za-z_][A-Za-z_ -]{0,15}$"
"""Words that no rule changes: one or a few short ones without a number or a sign."""
_ODD_SESSION = r"[@+ ()%]|^[\d.]+$|:"
"""What a session's id that names a person has at least."""
_WHOSE = r"^(.+)\.[^.]*$"
"""Who begins a session's id that is made of a visitor's."""


def masked_dictionary(column: str, raw: pl.Series, policy: Policy) -> Dictionary:
    """The dictionary of a coded column whose pool holds these words; of ids as they are."""
    rule = None if column in IDENTITIES else policy.rule(column)
    if rule is None:
        return dictionary(raw)
    odd = raw.filter(~raw.str.contains(HARMLESS)).drop_nulls()
    changed = {word: kept for word in odd if (kept := rule(word)) != word}
    return regrouped(raw.replace(changed)) if changed else dictionary(raw)


def visitor_names(raw: pl.Series, policy: Policy, codes: pl.Series | None = None) -> pl.Series:
    """What visitors are called outside, by their codes; with `codes` of these alone, in their order."""
    raw = raw if codes is None else raw.gather(codes)
    names = [visitor(each, policy.key) for each in raw.to_list()]
    return pl.Series(raw.name, names, dtype=pl.String())


def session_names(raw: pl.Series, visitors: pl.Series | None, policy: Policy) -> pl.Series:
    """What sessions are called outside; most keep the id under which their tool finds them."""
    odd = raw.str.contains(_ODD_SESSION)
    known: set[str] = set()
    if visitors is not None:
        theirs = visitors.implode()
        is_theirs = raw.is_in(theirs)
        dotted = raw.str.contains(".", literal=True)
        whose = raw.filter(dotted).str.extract(_WHOSE)
        begins = whose.is_in(theirs).fill_null(value=False)
        odd |= is_theirs
        odd = odd.scatter(dotted.arg_true().filter(begins), values=True)
        known = {*raw.filter(is_theirs).to_list(), *whose.filter(begins).to_list()}
    if not odd.any():
        return raw
    changed = {each: kept for each in raw.filter(odd) if (kept := session(each, policy.key, known)) != each}
    return raw.replace(changed) if changed else raw
