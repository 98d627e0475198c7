"""What has the shape of friction and is none: why a click does not count, and what answers a click.

Both are decided from facts that travel with the rows (bits of `el_flags`, the columns of `GESTURE`), so that
a click on a stepper is set aside with its reason instead of being lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from friction.detectors.base import REASON, span
from friction.elements import Flag

REPEATABLE: Mapping[str, Flag] = {
    "opt_out": Flag.OPT_OUT,
    "text_editing": Flag.TEXT_ENTRY,
    "native_control": Flag.NATIVE_CONTROL,
    "slider": Flag.SLIDER,
    "stepper": Flag.STEPPER,
    "pager": Flag.PAGER,
    "carousel": Flag.CAROUSEL,
    "calendar": Flag.CALENDAR,
    "media": Flag.MEDIA,
    "canvas": Flag.CANVAS,
}
"""Elements that are made to be clicked several times in a row."""

TURNING: tuple[str, ...] = ("stepper", "pager", "carousel", "calendar")
"""Those of them that answer every click: where answers are told and none came, they are no excuse."""

SILENT: Mapping[str, Flag] = {
    "opt_out": Flag.OPT_OUT,
    "text_editing": Flag.TEXT_ENTRY,
    "native_control": Flag.NATIVE_CONTROL,
    "slider": Flag.SLIDER,
    "media": Flag.MEDIA,
    "canvas": Flag.CANVAS,
    "new_tab": Flag.NEW_TAB,
    "download": Flag.DOWNLOAD,
    "chosen": Flag.CHOSEN,
    "hint": Flag.HINT,
    "dragged": Flag.HANDLE,
    "not_actionable": Flag.INERT,
}
"""Elements whose answer no recorder sees (it shows outside the document), or that owe none."""

GESTURE: frozenset[str] = frozenset(
    {"button", "detail", "modifiers", "pointer", "is_trusted", "x", "y", "at_corner"}
)
"""Columns that tell an ordinary click from others."""

REACTIONS: tuple[str, ...] = (
    *("mutation", "request", "page_view", "route_change", "page_leave", "hashchange"),
    *("input", "change", "select", "submit", "invalid", "copy", "paste", "media"),
    *("window_open", "dialog", "download", "outlink", "search", "add_to_cart", "conversion"),
)
"""Kinds that show by themselves that the page or the browser answered.

A vendor's `custom` event does not: many are sent by the click handler of the tracker itself. Scrolls,
selections, focus and visibility need a closer look.
"""

SHOWN: tuple[str, ...] = tuple(kind for kind in REACTIONS if kind not in {"request", "submit", "invalid"})
"""Kinds that the visitor sees: a request that hangs and a form that stays answer nobody."""


VIEWS: tuple[str, ...] = ("page_view", "route_change")
"""Kinds that open a page."""

REFUSED: tuple[str, ...] = ("invalid", "error")
"""Kinds by which a page says that what was sent is not taken; so does `failed_request`."""

EDITS: tuple[str, ...] = ("input", "change", "select", "paste")
"""Kinds by which a visitor changes what is to be sent."""

DONE: tuple[str, ...] = ("submit", "add_to_cart", "search", "download", "conversion", "outlink")
"""Kinds that show that a page served its purpose."""


@cache
def failed_request() -> pl.Expr:
    """A request that was refused (status 400 or more) or got no answer (0)."""
    status = pl.col("http_status")
    return (pl.col("kind") == "request") & ((status >= 400) | (status == 0)).fill_null(value=False)


def counted(mark: pl.Expr) -> pl.Expr:
    """How many rows up to this one have the mark. To count and look up by number is far cheaper than to fill."""
    return pl.when(mark).then(1).cum_count()


def next_time(mark: str, number: str, here: pl.Expr) -> pl.Expr:
    """For each row `here`: time (`us`) of the next row with this mark in the same page view, else null.

    `mark` and `number` are columns: the mark, and its `counted`. A row that has the mark itself is not its own next.
    """
    following = pl.col(number).filter(here)
    same_view = pl.col("view").filter(mark).gather(following, null_on_oob=True) == pl.col("view").filter(here)
    return pl.when(same_view).then(pl.col("us").filter(mark).gather(following, null_on_oob=True))


def blamed_on_click(
    events: pl.LazyFrame, here: pl.Expr, columns: frozenset[str], within_ms: int
) -> pl.LazyFrame:
    """The rows `here`, with these columns and `blamed`: a click of the page view lies at most `within_ms` before."""
    is_click = pl.col("kind") == "click"
    rows = events.with_columns(here=here, clicks=counted(is_click), click=is_click)
    number = pl.col("clicks").filter("here")
    last = pl.when(number > 0).then(number - 1)
    of_click = {name: pl.col(name).filter("click").gather(last, null_on_oob=True) for name in ("view", "ts")}
    kept = {name: pl.col(name).filter("here") for name in sorted(columns)}
    blamed = (of_click["view"] == kept["view"]) & (kept["ts"] - of_click["ts"] <= span(within_ms))
    return rows.select(**kept, blamed=blamed.fill_null(value=False))


@cache
def has(flag: Flag) -> pl.Expr:
    """True where `el_flags` has this bit; null flags have none."""
    return (pl.col("el_flags").fill_null(0) & pl.lit(int(flag), pl.UInt64())) != 0


def element_reason(reasons: Mapping[str, Flag]) -> pl.Expr:
    """The first of these reasons that the element gives, else null."""
    return _of_element(tuple(reasons.items()))


@cache
def _of_element(reasons: tuple[tuple[str, Flag], ...]) -> pl.Expr:
    return first_reason({reason: has(flag) for reason, flag in reasons})


@cache
def gesture_reason() -> pl.Expr:
    """Why this is no click of the primary button by hand, else null. Needs the columns of `GESTURE`."""
    pointer = pl.col("pointer")
    return first_reason(
        {
            "synthetic": ~pl.col("is_trusted") | (pointer == "synthetic"),
            "keyboard": (pl.col("detail") == 0) | (pointer == "keyboard"),
            "no_place": pl.col("at_corner"),
            "other_button": pl.col("button") != 0,
            "modifier_key": pl.col("modifiers") != "",
        }
    )


def first_reason(claims: Mapping[str, pl.Expr]) -> pl.Expr:
    """The name of the first claim that is true, as `REASON`; null when none is."""
    named = [pl.when(claim.fill_null(value=False)).then(_word(reason)) for reason, claim in claims.items()]
    return pl.coalesce(*named)


@cache
def _word(reason: str) -> pl.Expr:
    return pl.lit(reason, REASON)


DRAG_PX, PRESS_MS = 10.0, 1_000
"""What moved farther between down and up was dragged or swiped; a press longer ago is another click's."""
PRESSES = ("touch_start", "pointer_down")


def dragged(events: pl.LazyFrame) -> pl.LazyFrame:
    """`row, moved`: clicks of a finger that moved on or under which the page scrolled (`scrolled`), and of a mouse
    or pen that was somewhere else when it was pressed (`dragged`).

    Only what recorders tell can be judged: where something went down, and that the page moved before the finger rose.
    """
    kind, session = pl.col("kind"), pl.col("session_id")
    is_finger = (pl.col("pointer") == "touch").fill_null(value=False)
    down, scrolls = pl.when(kind.is_in(PRESSES)), kind.is_in(["scroll", "scroll_end"])
    # Few exports know of presses; without any, none of the many other rows needs to be looked at.
    seen = kind.is_in(PRESSES).any() & ((kind == "click") | kind.is_in(PRESSES) | scrolls)
    rows = events.filter(seen).with_columns(
        of=down.then(session).forward_fill(),
        since=down.then("ts").forward_fill(),
        **{f"down_{axis}": down.then(axis).forward_fill() for axis in ("x", "y")},
        scrolls=scrolls.cum_sum(),
    )
    own = (pl.col("of") == session) & (pl.col("ts") - pl.col("since") < span(PRESS_MS))
    far = (pl.col("x") - pl.col("down_x")) ** 2 + (pl.col("y") - pl.col("down_y")) ** 2 > DRAG_PX**2
    before = pl.when(kind.is_in(PRESSES)).then("scrolls").forward_fill()
    moved = far.fill_null(value=False) | (is_finger & (pl.col("scrolls") > before)).fill_null(value=False)
    named = pl.when(is_finger).then(pl.lit("scrolled", REASON)).otherwise(pl.lit("dragged", REASON))
    rows = rows.with_columns(is_moved=(own & moved).fill_null(value=False), moved=named)
    return rows.filter((kind == "click") & pl.col("is_moved")).select("row", "moved")


@cache
def majority(reason: str) -> pl.Expr:
    """In an aggregation: the first reason of the group if more than half of its rows have one, else null."""
    exempt = pl.col(reason).is_not_null().sum() * 2 > pl.len()
    return pl.when(exempt).then(pl.col(reason).drop_nulls().first())


@cache
def something_selected() -> pl.Expr:
    """True for a selection that leaves text selected, or does not say."""
    return (pl.col("kind") == "selection") & ~pl.col("selection_empty").fill_null(value=False)
