"""Made-up click stream for `make bench`, where the larger kit with planted frictions is not at hand.

    python clickstream.py --events 1000000 --out FILE [--csv FILE] [--jsonl FILE]

Sixteen columns, ten of them text; rows in the order of time, sessions interleaved, about 38 events each
(log-normal). The same arguments always give the same rows. Planted: bursts of clicks on one target, pages
opened and left again, slow addresses, forms that are filled in and not sent, errors.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from numpy.typing import NDArray

START_US = 1_767_225_600_000_000
"""2026-01-01, midnight UTC."""
SESSIONS = 5_000
"""Sessions of one block: they begin within `BLOCK_US` of each other and may reach into later blocks."""
BLOCK_US = 9_000_000_000
LONGEST = 4_000
ROW_GROUP = 1 << 18

HOST = "https://shop.example.com"
KINDS = ("page_view", "click", "scroll", "input", "submit", "error", "visibility", "dom_change")
SHARES = (0.16, 0.26, 0.28, 0.14, 0.015, 0.015, 0.05, 0.08)
VIEW, CLICK, SCROLL, INPUT, SUBMIT, ERROR = range(6)
PLACES = ("/", "/cart", "/checkout", "/checkout/payment", "/checkout/done", "/login", "/signup", "/about")
FORMS = ("login", "signup", "address", "payment", "contact", "newsletter")
FIELDS = ("email", "password", "name", "street", "city", "zip", "card", "phone", "message")
ERRORS = tuple(
    f"TypeError: {word} is not defined at app.js:{40 + len(word)}" for word in ("cart", "price", "item")
)
DEVICES = ("desktop", "mobile", "tablet")
BROWSERS = ("Chrome 131", "Safari 18", "Firefox 133", "Edge 131")
COUNTRIES = ("US", "DE", "IN", "BR", "GB", "FR", "JP", "CA", "AU", "NL")
TARGETS = tuple(f"main > section:nth-child({n % 9}) > button.action-{n}" for n in range(3_000))


def addresses(count: int) -> list[str]:
    """`count` addresses: a few fixed places, then products, searches, articles, orders and list pages."""
    made = [HOST + place for place in PLACES]
    for n in range(count - len(made)):
        number = n * 7_919 % 10_000_019
        made.append(
            HOST
            + (
                f"/product/{number}?ref=grid&pos={number % 48}",
                f"/search?q=word{number % 50_000}",
                f"/blog/2025/{number % 12 + 1:02d}/a-thing-worth-knowing-{number % 9_000}",
                f"/order/{number:08x}-{number % 65_536:04x}-4b1d-9c2e-{number:012x}/status",
                f"/category/{number % 400}/page/{number % 30}",
            )[n % 5]
        )
    return made[:count]


def clickstream(events: int, seed: int = 7) -> Iterator[pl.DataFrame]:
    """Exactly `events` rows in the order of time, in frames of 200,000 or so."""
    rng = np.random.default_rng(seed)
    urls = addresses(min(400_000, max(2_000, int(events**0.72))))
    left, later, block = events, None, 0
    while left:
        rows = _sessions(rng, block, len(urls)).sort("ts", maintain_order=True)
        rows = rows if later is None else pl.concat([later, rows]).sort("ts", maintain_order=True)
        block += 1
        begun = pl.col("ts") < START_US + block * BLOCK_US
        now, later = rows.filter(begun).head(left), rows.filter(~begun)
        left -= now.height
        yield _written_out(now, urls)


def _sessions(rng: np.random.Generator, block: int, urls: int) -> pl.DataFrame:
    """Whole sessions as numbers: one row an event, a session's rows adjacent and in order."""
    lengths = rng.lognormal(np.log(24), 1, SESSIONS).clip(1, LONGEST).astype(np.int64)
    starts = START_US + block * BLOCK_US + rng.integers(0, BLOCK_US, SESSIONS)
    n = int(lengths.sum())
    rows = pl.DataFrame(
        {
            "session": np.repeat(np.arange(SESSIONS) + block * SESSIONS, lengths),
            "start": np.repeat(starts, lengths),
            "kind": rng.choice(len(KINDS), n, p=SHARES),
            "gap": (rng.lognormal(np.log(1.8), 1.3, n) * 1e6).clip(30_000, 1.5e9).astype(np.int64),
            "target": _often_the_first(rng, len(TARGETS), n, 1.05),
            "x": rng.integers(0, 1_440, n, np.int32),
            "y": rng.integers(0, 3_000, n, np.int32),
            "load": rng.lognormal(np.log(700), 0.7, n),
            "scroll": rng.integers(0, 101, n, np.int32),
            "luck": rng.random(n),
        }
    )
    first = pl.col("session").ne_missing(pl.col("session").shift())
    rows = rows.with_columns(first=first, kind=pl.when(first).then(VIEW).otherwise("kind"))
    rows = _with_bursts(rows)
    return _with_times(_with_pages(rows, _often_the_first(rng, urls, n, 1.1)))


def _often_the_first(rng: np.random.Generator, count: int, size: int, power: float) -> NDArray[np.int64]:
    """Numbers below `count`, the small ones far more often (Zipf's law, bounded)."""
    reached = np.cumsum(np.arange(1, count + 1) ** -power)
    return np.searchsorted(reached / reached[-1], rng.random(size)).clip(0, count - 1)


def _with_bursts(rows: pl.DataFrame) -> pl.DataFrame:
    """After one click in 170 the session's next two to seven events become quick clicks on the same spot."""
    at = pl.int_range(pl.len())
    seed = (pl.col("kind") == CLICK) & (pl.col("luck") < 0.006)
    led = [
        pl.when(seed).then(name).forward_fill().name.prefix("led_")
        for name in ("session", "target", "x", "y")
    ]
    since = at - pl.when(seed).then(at).forward_fill()
    rows = rows.with_columns(*led, since=since, follow=pl.when(seed).then(2 + at % 6).forward_fill())
    burst = (
        (pl.col("session") == pl.col("led_session")) & pl.col("since").is_between(1, "follow")
    ).fill_null(value=False)
    changed = {"kind": pl.lit(CLICK), "gap": 60_000 + pl.col("gap") % 270_000, "target": pl.col("led_target")}
    changed |= {name: pl.col(f"led_{name}") + pl.col(name) % 9 for name in ("x", "y")}
    rows = rows.with_columns(
        pl.when(burst).then(new).otherwise(name).alias(name) for name, new in changed.items()
    )
    return rows.drop("since", "follow", "^led_.*$")


def _with_pages(rows: pl.DataFrame, drawn: NDArray[np.int64]) -> pl.DataFrame:
    """The address of the last page view; one view in twenty goes back to where the session was before."""
    views = rows.filter(pl.col("kind") == VIEW).select("session", "luck")
    views = views.with_columns(page=pl.Series(drawn[: views.height]))
    back = (pl.col("luck") < 0.05) & (pl.col("session") == pl.col("session").shift(2))
    page = views.select(pl.when(back.fill_null(value=False)).then(pl.col("page").shift(2)).otherwise("page"))
    opened = rows.select((pl.col("kind") == VIEW).cum_sum().cast(pl.Int64) - 1).to_series()
    return rows.with_columns(page.to_series().gather(opened).alias("page"))


def _with_times(rows: pl.DataFrame) -> pl.DataFrame:
    """`ts` in microseconds since the epoch: the session's start and the gaps so far."""
    total = pl.col("gap").cum_sum()
    return rows.with_columns(ts=pl.col("start") + total - pl.when("first").then(total).forward_fill())


def _written_out(rows: pl.DataFrame, urls: Sequence[str]) -> pl.DataFrame:
    """The sixteen columns of a log."""
    kind, session, target = (pl.col(name) for name in ("kind", "session", "target"))
    typed, slow = kind.is_in([INPUT, SUBMIT]), 1 + 3 * (pl.col("page") % 37 == 5)
    return rows.select(
        _named("session", session, 16, rows["session"]),
        _named("visitor", session * 5 // 8, 8, rows["session"] * 5 // 8),
        pl.col("ts").cast(pl.Datetime("us")),
        _word(KINDS, kind).alias("type"),
        _word(urls, pl.col("page")).alias("url"),
        pl.when(typed | (kind == CLICK)).then(_word(TARGETS, target)).alias("target"),
        *(pl.when(kind == CLICK).then(name).alias(name) for name in ("x", "y")),
        pl.when(kind == VIEW).then((pl.col("load") * slow).round()).cast(pl.Float32).alias("load_ms"),
        pl.when(typed).then(_word(FORMS, target % len(FORMS))).alias("form_id"),
        pl.when(kind == INPUT).then(_word(FIELDS, target // 7 % len(FIELDS))).alias("field"),
        pl.when(kind == SCROLL).then("scroll").alias("scroll_pct"),
        pl.when(kind == ERROR).then(_word(ERRORS, target % len(ERRORS))).alias("error"),
        _word(DEVICES, session * 13 // 8 % len(DEVICES)).alias("device"),
        _word(BROWSERS, session * 29 // 8 % len(BROWSERS)).alias("browser"),
        _word(COUNTRIES, session * 61 // 8 % len(COUNTRIES)).alias("country"),
    )


def _word(words: Sequence[str], number: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(words)).gather(number)


def _named(what: str, number: pl.Expr, size: int, values: pl.Series) -> pl.Expr:
    """`{what}_id`: a name of `size` bytes in hexadecimal digits for each number."""
    known = values.unique().sort()
    names = [hashlib.blake2b(f"{what} {n}".encode(), digest_size=size).hexdigest() for n in known]
    return number.replace_strict(known, names, return_dtype=pl.String()).alias(f"{what}_id")


def write(frames: Iterator[pl.DataFrame], out: Path, csv: Path | None, jsonl: Path | None) -> None:
    """The rows as Parquet and, where asked for, as CSV and JSON lines."""
    with ExitStack() as files:
        writer: pq.ParquetWriter | None = None
        texts: list[IO[bytes] | None] = [
            files.enter_context(path.open("wb")) if path else None for path in (csv, jsonl)
        ]
        for number, frame in enumerate(frames):
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            writer = writer or files.enter_context(pq.ParquetWriter(out, table.schema, compression="zstd"))
            writer.write_table(table, row_group_size=ROW_GROUP)
            if texts[0]:
                frame.write_csv(texts[0], include_header=number == 0, datetime_format="%Y-%m-%dT%H:%M:%S%.6f")
            if texts[1]:
                frame.write_ndjson(texts[1])


def main() -> None:
    """Write what the command line asks for."""
    asked = argparse.ArgumentParser(description="Write a made-up click stream.")
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--csv", type=Path)
    asked.add_argument("--jsonl", type=Path)
    given = asked.parse_args()
    write(clickstream(given.events), given.out, given.csv, given.jsonl)


if __name__ == "__main__":
    main()
