"""What happened around the moments of evidence: the events near them, and what the elements say.

Only the sessions of a few moments are looked up among the rows, so this costs the same for any size of input but one
pass over the column of session keys.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from friction import i18n
from friction.ingest.columns import ELEMENT
from friction.ingest.events import Events
from friction.ingest.gather import SEPARATOR
from friction.privacy.texts import mask_text
from friction.report import Around, Evidence, Point, again
from friction.summary.called import SessionNames
from friction.values import dataclass

BEFORE, AFTER = timedelta(seconds=20), timedelta(seconds=30)
POINTS_LABELLED, POINTS_SHOWN, MOMENTS_SHOWN, EVENTS_SHOWN = 500, 30, 2, 40
RUNS_SHOWN = 400
"""Of a session that is shown whole."""
RUN_MS = 2_000
"""Events of one kind on one thing, at most this far apart, are one run; work on one field is, however slow."""
LANES: dict[str, tuple[str, ...]] = {
    "input": ("input", "change", "select", "submit", "invalid", "copy", "paste"),
    "click": ("click", "dblclick", "contextmenu"),
    "scroll": ("scroll", "scroll_end"),
    "request": ("request", "error", "console"),
    "page": ("page_view", "route_change", "page_leave", "conversion"),
}
KINDS = {kind for kinds in LANES.values() for kind in kinds}
WORK = frozenset({"input", "change", "select", "copy", "paste"})
RUNS = frozenset({*LANES["scroll"], "request", "console"})
LONGEST_LABEL = 60


def with_surroundings(
    points: Sequence[Point], events: Events, sessions: pl.DataFrame, names: SessionNames
) -> list[Point]:
    """The points with `label`, a title that quotes it, and the events around their first moments.

    `sessions` is the table of `friction.reduce`, `names` those of the sessions in it.
    """
    asked = points[:POINTS_LABELLED]
    shown = {each.session_id for point in asked[:POINTS_SHOWN] for each in point.evidence[:MOMENTS_SHOWN]}
    said = {each.session_id for point in asked for each in point.evidence if point.target}
    near = _nearby(events, sessions, names, shown, said if "element" in events.store.columns else set())
    told = [_told(point, near, shown=n < POINTS_SHOWN) for n, point in enumerate(asked)]
    return [*told, *points[len(asked) :]]


def rows_of(
    events: Events, sessions: pl.DataFrame, names: SessionNames, wanted: set[str]
) -> dict[str, pl.DataFrame]:
    """Name of a session → its rows in order: `ts, kind, row_no` and `what` each is about.

    All pieces of a session that was cut have the rows of all of them.
    """
    return _nearby(events, sessions, names, wanted, set()).rows


@dataclass(frozen=True)
class _Nearby:
    """What is looked up of a few sessions, by their names."""

    rows: dict[str, pl.DataFrame]
    """`ts, kind, row_no` and the words for page, field, element, in order."""
    labels: dict[str, dict[int, set[str]]]
    """What the clicked elements say, by row number."""


def _nearby(
    events: Events, sessions: pl.DataFrame, names: SessionNames, shown: set[str], said: set[str]
) -> _Nearby:
    """Rows of the sessions `shown`, labels in those of `said`."""
    if not shown | said:
        return _Nearby({}, {})
    found = names.among(shown | said)
    keys = sessions["key"].gather(found)
    chosen = np.zeros(events.names.len(), dtype=np.bool_)
    chosen[keys.to_numpy()] = True
    rows, key = events.store.of_keys(chosen, [name for name in READ if name in events.store.columns])
    frame = _words(events, rows).with_columns(key=key)
    key_of = dict(zip(names.gather(found), keys, strict=True))
    labels = _by_row(frame.filter(pl.col("label").is_not_null(), kind="click"))
    wanted = pl.Series([key_of[name] for name in shown], dtype=pl.UInt32)
    frame = frame.filter(pl.col("key").is_in(wanted.implode())).sort("key", "ts", "seq", "kind", "what")
    of_key = {key: rows for (key,), rows in frame.group_by(["key"], maintain_order=True)}
    return _Nearby(
        {name: of_key[key_of[name]] for name in shown},
        {name: labels[key_of[name]] for name in said if key_of[name] in labels},
    )


def _by_row(clicks: pl.DataFrame) -> dict[int, dict[int, set[str]]]:
    """Key → row number → labels: rows of several files may have the same number."""
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key, row, label in clicks.select("key", "row_no", "label").iter_rows():
        found[key][row].add(label)
    return found


READ = ("ts", "kind", "seq", "row_no", "url", "field", "target", "element")
"""What is looked up of a row."""


def _words(events: Events, rows: pl.DataFrame) -> pl.DataFrame:
    def word(column: str, source: str) -> pl.Series:
        known = events.dictionaries.get(column)
        if known is None or source not in rows.columns:
            return pl.repeat(None, rows.height, dtype=pl.String, eager=True)
        return events.words.by_column[column].gather(known.code(rows[source]))

    def plain(name: str, otherwise: pl.DataType) -> pl.Series:
        return (
            rows[name]
            if name in rows.columns
            else pl.Series([None], dtype=otherwise).new_from_index(0, rows.height)
        )

    page, field, target = word("page", "url"), word("field", "field"), word("target", "target")
    frame = pl.DataFrame(
        {
            "ts": rows["ts"],
            "kind": rows["kind"].cast(pl.String),
            "seq": plain("seq", pl.Int32()),
            "row_no": rows["row_no"],
            "label": _labels(plain("element", pl.String())),
        }
    )
    is_page, is_input = pl.col("kind").is_in(LANES["page"]), pl.col("kind").is_in(LANES["input"])
    what = pl.when(is_page).then(page).when(is_input).then(pl.coalesce(field, pl.col("label")))
    return frame.with_columns(
        what=what.when(pl.col("kind").is_in(LANES["click"])).then(pl.coalesce("label", target))
    )


def _labels(element: pl.Series) -> pl.Series:
    """What the element says: its text, else its accessible name; without whom it speaks of."""
    words = pl.DataFrame({"element": element.cast(pl.String)})
    parts = pl.col("element").str.split(SEPARATOR)
    texts = [
        parts.list.get(ELEMENT.index(name), null_on_oob=True).str.replace_all(r"\s+", " ").str.strip_chars()
        for name in ("el_text", "el_aria_label")
    ]
    filled = [pl.when(text.str.len_chars().is_between(1, LONGEST_LABEL)).then(text) for text in texts]
    labels = words.select(pl.coalesce(filled)).to_series()
    said = labels.unique().drop_nulls().to_list()
    return labels.replace({text: kept for text in said if (kept := mask_text(text)) != text})


def _told(point: Point, near: _Nearby, *, shown: bool) -> Point:
    moments = [
        again(each, around=_around(each, near.rows.get(each.session_id)))
        if shown and number < MOMENTS_SHOWN
        else each
        for number, each in enumerate(point.evidence)
    ]
    label = _label(point, near.labels) if point.target else None
    if label is None:
        return again(point, evidence=moments)
    title = i18n.relabelled(point, label)
    return again(point, evidence=moments, label=label, title=title)


def _label(point: Point, labels: dict[str, dict[int, set[str]]]) -> str | None:
    """The text of the element in most of the moments; null when they do not agree."""
    said: Counter[str] = Counter()
    for each in point.evidence:
        own = labels.get(each.session_id, {})
        said.update(sorted(set().union(*(own.get(row, ()) for row in each.rows))))
    best = said.most_common(2)
    return best[0][0] if best and 2 * best[0][1] > len(point.evidence) else None


def _around(moment: Evidence, rows: pl.DataFrame | None) -> list[Around]:
    if rows is None:
        return []
    start, end = (datetime.fromisoformat(text) for text in (moment.start, moment.end))
    # In numpy: for the engine to take over two moments with their zone takes forty times as long.
    first, last = (np.datetime64(at.replace(tzinfo=None)) for at in (start - BEFORE, end + AFTER))
    ts = rows["ts"].to_numpy()
    near = rows[int(np.searchsorted(ts, first)) : int(np.searchsorted(ts, last, "right"))]
    return runs(near, start, EVENTS_SHOWN)


def runs(rows: pl.DataFrame, start: datetime, most: int) -> list[Around]:
    """What these rows tell, times from `start` on: like events one after the other as one; those nearest to it."""
    found: list[dict[str, Any]] = []
    for row in rows.filter(pl.col("kind").is_in(KINDS)).iter_rows(named=True):
        at = round((row["ts"] - start).total_seconds() * 1000)
        last = found[-1] if found else None
        if last and _goes_on(last, row, at):
            last["end"], last["count"] = at, last["count"] + 1
        else:
            found.append({"at": at, "end": at, "count": 1, **row})
    nearest = set(sorted(range(len(found)), key=lambda number: abs(found[number]["at"]))[:most])
    return [
        Around(run["at"], run["end"] - run["at"], run["kind"], run["what"], run["count"], run["row_no"])
        for number, run in enumerate(found)
        if number in nearest
    ]


def _goes_on(run: dict[str, Any], row: dict[str, Any], at: int) -> bool:
    if run["what"] != row["what"]:
        return False
    if row["kind"] in WORK:
        return run["kind"] in WORK
    return row["kind"] in RUNS and run["kind"] == row["kind"] and at - run["end"] <= RUN_MS
