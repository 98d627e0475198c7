"""What a file holds besides the columns of the event table: what the user wants kept, and what is only looked at.

Kept columns become `props`, one JSON object a row; they are masked like texts before anything is written. From where
somebody came and what the browser says about itself decide who counts (`[exclude]`), and are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from friction.sources.aliases import normal
from friction.sources.base import ABOUT, Options
from friction.sources.fields import Fields, Names
from friction.tables.table import Table

KEPT = "kept."
"""Before the labels of columns that the user wants kept."""

NAMES: dict[str, tuple[str, ...]] = {
    "ip": (
        *(
            "ip",
            "ip_address",
            "client_ip",
            "remote_addr",
            "remote_ip",
            "user_ip",
            "visitIp",
            "user_ipaddress",
            "$ip",
        ),
        *("properties.$ip", "context.ip", "clientip", "c_ip", "adresse ip"),
    ),
    "agent": (
        *(
            "user_agent",
            "useragent",
            "http_user_agent",
            "agent",
            "ua",
            "browser_user_agent",
            "$raw_user_agent",
        ),
        *(
            "properties.$raw_user_agent",
            "properties.$user_agent",
            "context.userAgent",
            "http.useragent",
            "agent utilisateur",
        ),
    ),
}
"""What a file may call them."""


def of_table(table: Table, options: Options, taken: Mapping[str, int]) -> dict[str, pl.Expr]:
    """Of a table whose columns were guessed: `props`, and those of `ABOUT` that are wanted; `taken` are columns with a
    meaning of their own.
    """
    known = {normal(name): at for at, name in reversed(list(enumerate(table.names)))}
    free = {name: at for name, at in known.items() if at not in set(taken.values())}
    made = {}
    for what in sorted(options.about):
        if places := [free[normal(name)] for name in NAMES[what] if normal(name) in free]:
            made[ABOUT[what]] = pl.col(f"c{places[0]}").cast(pl.String)
    asked = {name: table.names.index(name) for name in options.keep if name in table.names}
    if asked and "props" not in taken and _is_wanted(options):
        made["props"] = _together({name: pl.col(f"c{at}") for name, at in asked.items()})
    return made


def labels(options: Options) -> Names:
    """The same of an export whose names are known, as labels to look for."""
    about = {ABOUT[what]: NAMES[what] for what in sorted(options.about)}
    return {**about, **{KEPT + name: (name,) for name in options.keep if _is_wanted(options)}}


def of_fields(known: Fields, options: Options) -> dict[str, pl.Expr]:
    """What was found of `labels`."""
    made = {
        label: pl.col(label) for label in labels(options) if label in ABOUT.values() and known.knows(label)
    }
    asked = {name: pl.col(KEPT + name) for name in options.keep if known.knows(KEPT + name)}
    return {**made, "props": _together(asked)} if asked else made


def _together(columns: Mapping[str, pl.Expr]) -> pl.Expr:
    return pl.struct(
        value.cast(pl.String).alias(name) for name, value in columns.items()
    ).struct.json_encode()


def _is_wanted(options: Options) -> bool:
    return options.columns is None or "props" in options.columns
