"""Sessions for the laws of detectors, as strings and as the codes of the product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from friction.detectors.base import CODES, Detector
from friction.schema import KIND
from friction.testing import events, specification
from friction.testing.events import EPOCH, INPUT, numbered

FIXTURES = Path(__file__).parents[2] / "fixtures" / "detectors"
Books = dict[str, dict[int, str]]

_KINDS = {
    "click": 0.40,
    "mutation": 0.06,
    "scroll": 0.08,
    "page_view": 0.12,
    "error": 0.05,
    "request": 0.03,
    "focus": 0.06,
    "input": 0.10,
    "submit": 0.02,
    "invalid": 0.02,
    "selection": 0.02,
    "visibility": 0.02,
    "web_vital": 0.02,
}


def every_case() -> pl.DataFrame:
    """The events of all cases of all fixtures as one frame; each case's sessions are its own."""
    texts = [case.text for path in sorted(FIXTURES.glob("*.txt")) for case in specification(path.read_text())]
    frames = [
        events(text).with_columns(session_id=pl.format("{}-{}", pl.lit(f"{at:04}"), "session_id")).collect()
        for at, text in enumerate(texts)
    ]
    return numbered(pl.concat(frames))


def random_sessions(seed: int, sessions: int) -> pl.DataFrame:
    """Seeded sessions: of events thrown together, and of cases of the fixtures one after the other."""
    return numbered(pl.concat([_mixed(seed), _thrown(seed, sessions)]))


PASSES = 3
"""How often each case is part of a mixed session."""


def _mixed(seed: int) -> pl.DataFrame:
    """Sessions of one to four cases each, drawn from all fixtures, half a minute or less apart."""
    draw = np.random.default_rng(seed)
    texts = [case.text for path in sorted(FIXTURES.glob("*.txt")) for case in specification(path.read_text())]
    frames, number, since, left = [], 0, 0, 0
    for case in draw.permutation(np.repeat(np.arange(len(texts)), PASSES)).tolist():
        if not left:
            number, since, left = number + 1, 0, int(draw.choice([1, 2, 3, 4], p=[0.5, 0.2, 0.2, 0.1]))
        rows = events(texts[case]).collect().drop("row", "view")
        begin = since + int(draw.integers(0, 30_000_000))
        length = rows.select(pl.col("ts").max() - pl.col("ts").min()).item().total_seconds()
        rows = rows.with_columns(
            session_id=pl.lit(f"m{number:04}"), ts=pl.col("ts") + pl.duration(microseconds=begin)
        )
        frames.append(rows)
        since, left = begin + int(length * 1e6), left - 1
    return numbered(pl.concat(frames).sort("session_id", "ts", maintain_order=True))


def _thrown(seed: int, sessions: int) -> pl.DataFrame:
    """Seeded sessions with few pages, targets and fields and short gaps, so that everything happens often."""
    draw = np.random.default_rng(seed)
    n = sessions * 30
    kind = draw.choice(list(_KINDS), n, p=list(_KINDS.values()))
    gap = draw.choice([0.0, 0.08, 0.25, 0.6, 1.0, 3.0, 9.0], n, p=[0.05, 0.2, 0.3, 0.2, 0.1, 0.1, 0.05])
    visitor = np.sort(draw.integers(0, sessions, n))
    sticky = np.maximum.accumulate(np.where(draw.random(n) < 0.35, np.arange(n), 0))
    target = draw.choice(["a#x", "button#buy", "p", ""], n, p=[0.4, 0.4, 0.1, 0.1])[sticky]
    named = np.isin(kind, ["click", "focus"]) & (target != "")
    in_form = np.isin(kind, ["focus", "input", "submit", "invalid"])
    frame = pl.DataFrame(
        {
            "session_id": [f"s{number:04}" for number in visitor],
            "ts": int(EPOCH.timestamp() * 1e6) + np.cumsum((gap * 1e6).astype(np.int64)),
            "kind": pl.Series(kind.tolist(), dtype=KIND),
            "page": draw.choice(["/a", "/b", "/c"], n).tolist(),
            "target": words(target, named),
            "form": words(draw.choice(["f", "g"], n), in_form),
            "field": words(draw.choice(["u", "v", "w"], n), in_form & (kind != "submit")),
            "error": words(draw.choice(["e1", "e2"], n), kind == "error"),
            "http_status": pl.Series(np.where(kind == "request", draw.choice([200, 404, 500], n), 0)),
            "load_ms": np.where(kind == "page_view", draw.exponential(2500, n), np.nan),
            "lcp_ms": np.where(kind == "web_vital", draw.exponential(2500, n), np.nan),
            "el_flags": draw.choice([0, 1, 2, 1024], n, p=[0.4, 0.4, 0.1, 0.1]),
            "x": draw.integers(0, 60, n),
            "y": draw.integers(0, 20, n),
        }
    )
    frame = frame.with_columns(pl.col(name).cast(INPUT[name]) for name in frame.columns)
    page = pl.when(pl.col("kind") == "page_view").then("page").forward_fill()
    frame = frame.with_columns(pl.col("load_ms", "lcp_ms").fill_nan(None), page=page.fill_null("/a"))
    missing = [pl.lit(None, INPUT[name]).alias(name) for name in INPUT if name not in frame.columns]
    return numbered(frame.with_columns(missing))


def words(chosen: NDArray[np.str_], where: NDArray[np.bool_]) -> pl.Series:
    """The words where they apply, null elsewhere."""
    return pl.Series([str(word) if applies else None for word, applies in zip(chosen, where, strict=True)])


def coded(rows: pl.DataFrame, *, backwards: bool) -> tuple[Books, pl.DataFrame]:
    """The same events with integer codes, in the order of the words or the reverse; and the code books."""
    books: Books = {}
    for name in sorted(CODES):
        words = rows[name].unique().drop_nulls().sort(descending=backwards).to_list()
        books[name] = dict(enumerate(words))
        codes = {word: code for code, word in books[name].items()}
        rows = rows.with_columns(pl.col(name).replace_strict(codes, return_dtype=pl.UInt32))
    rows = rows.sort("session_id", "row")
    return books, numbered_as_before(rows)


def numbered_as_before(rows: pl.DataFrame) -> pl.DataFrame:
    """`row` by position again; `view` keeps its numbers, which are only ever compared."""
    return rows.drop("row").with_row_index("row")


def decoded(found: pl.DataFrame, books: Books, detector: Detector) -> pl.DataFrame:
    """Findings with words again, as the analysis decodes them: `coded` says which book a column is of."""
    for name in found.columns:
        book = books.get(detector.coded.get(name, name))
        if book is not None and found[name].dtype == pl.UInt32:
            found = found.with_columns(pl.col(name).replace_strict(book, return_dtype=pl.String))
    return found
