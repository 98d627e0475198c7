"""Sessions are numbered by their first event, and by name where several begin at one instant."""

from datetime import datetime

import polars as pl

from friction.ingest.assembled import session_order
from friction.schema import TS

NOON, LATER = datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 13)


def test_sessions_of_one_instant_are_in_the_order_of_their_names() -> None:
    ids = pl.Series(["late", "zoe", "unseen", "ann", "early"])
    began = pl.Series([LATER, NOON, NOON, NOON]).dt.replace_time_zone("UTC").cast(TS)
    first = pl.DataFrame({"session_id": pl.Series([0, 1, 3, 4], dtype=pl.UInt32), "ts": began})

    ranks, opened, names = session_order(first, ids)

    assert names.to_list() == ["ann", "early", "zoe", "late"]
    assert ranks.to_list() == [3, 2, None, 0, 1]
    assert opened.to_list() == [began[1], began[1], began[1], began[0]]
