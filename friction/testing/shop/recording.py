"""Writes one life down as the event table of a first-party recorder, in order of time."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.schema import EVENT, KIND, KINDS
from friction.testing.shop import visitors
from friction.testing.shop.bots import bots
from friction.testing.shop.browsing import browse
from friction.testing.shop.chance import Chance, Ints
from friction.testing.shop.pages import addresses
from friction.testing.shop.rows import Rows, instants
from friction.testing.shop.scenes import Stage, forms, look_alikes, trouble
from friction.testing.shop.views import Views
from friction.testing.shop.visitors import Plan
from friction.values import dataclass


@dataclass(frozen=True)
class Recording:
    """The events, and how often each look-alike is in them (bursts, sessions)."""

    events: pl.DataFrame
    look_alikes: dict[str, tuple[int, int]]


def record(plan: Plan, views: Views, chance: Chance) -> Recording:
    """Events sorted by time; the order of rows of the same millisecond is fixed, too."""
    stage = Stage(views, plan.intent[views.session], chance)
    rows = Rows()
    browse(stage, rows)
    forms(stage, rows)
    trouble(stage, rows)
    seen = look_alikes(stage, rows)
    people = rows.joined(chance, plan.device[views.session] == 0)
    people = people.hstack(_of_views(plan, views, chance, people["view"]))
    people = people.with_columns(
        instants(pl.col("at")).alias("ts"),
        pl.lit(pl.Series(KINDS, dtype=KIND)).gather(pl.col("kind")).alias("kind"),
    )
    events = pl.concat([_in_form(people.sort("at", "view", "order")), _in_form(bots())])
    return Recording(events.sort("ts", maintain_order=True), seen)


def _in_form(events: pl.DataFrame) -> pl.DataFrame:
    """The columns of the shop's export, in the order and of the types of the event table."""
    return events.select(
        pl.col(name).cast(EVENT[name]) if name in events.columns else pl.lit(None, EVENT[name]).alias(name)
        for name in COLUMNS
    )


def _of_views(plan: Plan, views: Views, chance: Chance, view: pl.Series) -> pl.DataFrame:
    """Who, where and on what: the columns a row has from its view."""
    address = [text for page in addresses() for text in page]
    first = np.cumsum([0] + [len(page) for page in addresses()])
    about = _of_sessions(plan, chance).select(pl.all().gather(pl.Series(views.session)))
    about = about.with_columns(pl.Series("url", address).gather(pl.Series(first[views.page] + views.item)))
    return about.select(pl.all().gather(view))


def _of_sessions(plan: Plan, chance: Chance) -> pl.DataFrame:
    """Session attributes as text."""
    browser = np.array(visitors.BROWSERS)[plan.device, plan.system]
    return pl.DataFrame(
        {
            "session_id": _names("s", chance, "session name", plan.who),
            "visitor_id": _names("v", chance, "visitor name", plan.visitor),
            "device": np.array(visitors.DEVICES)[plan.device],
            "browser": browser,
            "os": np.array(visitors.SYSTEMS)[plan.device, plan.system],
            "country": np.array(visitors.COUNTRIES)[plan.country],
            "channel": np.array(visitors.CHANNELS)[plan.channel],
            "release": np.array(visitors.RELEASES)[plan.release],
            "returning": plan.returning,
            "pointer": np.where(plan.device == 1, "mouse", "touch"),
        }
    ).with_columns(pl.when(pl.Series(plan.visitor >= 0)).then(pl.col("visitor_id")))


def _names(prefix: str, chance: Chance, purpose: str, who: Ints) -> list[str]:
    """Names that tell nothing about their order, and are the same for the same number."""
    numbers: NDArray[np.int64] = (chance.draw(purpose, who) * 2**44).astype(np.int64)
    return [f"{prefix}-{number:011x}" for number in numbers.tolist()]


COLUMNS: tuple[str, ...] = tuple(
    """
    ts session_id visitor_id kind name url title nav_kind
    target el_tag el_id el_role el_type el_name el_text el_aria_label el_href el_classes el_attrs
    x y scroll_pct detail pointer selection_empty form field field_type value_len
    load_ms ttfb_ms fcp_ms lcp_ms duration_ms response_delay_ms http_method http_status
    error_message error_kind device browser os country channel release is_bot returning value currency
    """.split()
)
"""Columns of the shop's export; `friction.schema.EVENT` has their types."""
