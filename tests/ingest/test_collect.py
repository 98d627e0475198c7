"""Columns are read one by one where that is quicker, and what nobody needs is not read; it never shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from friction.config import Settings
from friction.ingest import Ingested
from friction.ingest.addresses import Masked, masked, unchanged
from friction.privacy.addresses import mask_address
from friction.scan import ingested_for, quiet


def written(folder: Path, *, sessions: list[str | None]) -> Path:
    """Views of two visitors, some of them in a named session."""
    start = datetime(2026, 1, 1, 9)
    rows = len(sessions)
    frame = pl.DataFrame(
        {
            "timestamp": [start + timedelta(seconds=at) for at in range(rows)],
            "session_id": pl.Series(sessions, dtype=pl.String()),
            "visitor_id": ["ann" if at % 2 else "bob" for at in range(rows)],
            "url": [f"https://shop.example/p/{at}?mail=a@b.example" for at in range(rows)],
        }
    )
    frame.write_parquet(folder / "views.parquet")
    return folder / "views.parquet"


def read(path: Path, *, people: bool) -> Ingested:
    return ingested_for([path], None, Settings(), [], quiet, segments=False, people=people)


def test_who_has_no_session_is_found_by_the_visitor_also_where_nobody_asks_for_people(tmp_path: Path) -> None:
    path = written(tmp_path, sessions=["s1", None, "s1", None, "s2", None])
    with_people, without = read(path, people=True).events, read(path, people=False).events
    assert "visitor_id" in with_people.store.columns
    assert "visitor_id" not in without.store.columns
    assert without.names.to_list() == ["s1", "ann", "s2"]
    assert without.height == 6


def test_counts_read_no_visitors_where_every_row_has_a_session(tmp_path: Path) -> None:
    events = read(written(tmp_path, sessions=["s1", "s2", "s1"]), people=False).events
    assert events.names.to_list() == ["s1", "s2"]
    assert not {"visitor_id", "user_id"} & set(events.words.by_column)


def test_addresses_are_masked_alike_whether_some_were_begun_with_or_none() -> None:
    raw = pl.Series(["/a?x=1", "/b/me@example.com", "/a", "/c#frag", "/a#!/route"])
    begun = Masked()
    begun.begin(raw.head(2))
    assert (
        begun.of(raw).to_list() == Masked().of(raw).to_list() == ["/a", "/b/:email", "/a", "/c", "/a#!/route"]
    )


PATHS = """
/ /a /cart// /product/42 /product/123456789012 /product/1234567890123 /v1/x /v1234/x /abcdefghijklmnop /a-b_c-12345678
/a-123456789 /token/abc /reset-password/word /token /login/token/ /A/b /me@example.com /order/1b9d6bcd-bbfd
/a;jsessionid=1 /a&ref=b /cart%3Fref=x /x.html /4111111111111111 /9112345678 /n%C3%A4 /\u0664\u0662 /a\u00a0b cart a/b
"""
FRONTS = (
    "",
    "https://shop.example",
    "http://shop.example:8080",
    "HTTPS://Shop.example",
    "https://me:pw@a.b",
    "//a.b",
    "app://x",
)


def test_addresses_that_masking_leaves_alone_are_told_apart_without_a_difference() -> None:
    known = sorted(
        {
            front + path
            for front in FRONTS
            for path in [*PATHS.split(), "", "/a" * 3000, "/a\n", "/a\x00b", " /a"]
        }
    )
    found = masked(pl.Series(known, dtype=pl.String()))
    assert found["word"].to_list() == known
    assert found["masked"].to_list() == [mask_address(address) for address in known]
    assert unchanged(found["word"]).any()
    assert masked(pl.Series([], dtype=pl.String())).is_empty()
