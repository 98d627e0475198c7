"""The six counts as somebody at home in SQL would ask DuckDB for them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

PATH = r"regexp_replace(regexp_replace(url, '^[a-z]+://[^/]*', ''), '[?#].*$', '')"
PAGE = (
    rf"regexp_replace(regexp_replace(regexp_replace({PATH}, '/[0-9a-f]{{8}}-[0-9a-f-]{{27}}', '/:uuid', 'g'), "
    r"'/\d+\b', '/:id', 'g'), '-\d+\b', '-:n', 'g')"
)
CLICKS = """
    WITH near AS (
        SELECT session, ts,
               target, x, y,
               lag(target, 1) OVER s AS target1, lag(x, 1) OVER s AS x1, lag(y, 1) OVER s AS y1,
               lag(target, 2) OVER s AS target2, lag(x, 2) OVER s AS x2, lag(y, 2) OVER s AS y2,
               lag(ts, 2) OVER s AS ts2
        FROM events WHERE kind = 'click' WINDOW s AS (PARTITION BY session ORDER BY ts)
    ), hits AS (
        SELECT session, ts, coalesce(
            ts - ts2 <= INTERVAL 1 SECOND
            AND (target1 = target2 OR (x1 - x2) ** 2 + (y1 - y2) ** 2 <= 900)
            AND (target = target2 OR (x - x2) ** 2 + (y - y2) ** 2 <= 900), false) AS hit
        FROM near
    )
    SELECT count(*) FROM (
        SELECT hit, lag(hit) OVER (PARTITION BY session ORDER BY ts) AS before FROM hits
    ) WHERE hit AND before IS NOT true"""
QUERIES = {
    "rage": CLICKS,
    "dead": """
        SELECT count(*) FROM (
            SELECT kind, ts, min(CASE WHEN kind IN ('page_view', 'input', 'submit', 'dom_change') THEN ts END) OVER (
                PARTITION BY session ORDER BY ts ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS answer
            FROM events
        ) WHERE kind = 'click' AND (answer IS NULL OR answer - ts > INTERVAL 2 SECOND)""",
    "abandoned": """
        SELECT count(*) FROM (
            SELECT bool_or(kind = 'input') AS filled, bool_or(kind = 'submit') AS sent
            FROM events WHERE form IS NOT NULL GROUP BY session, form
        ) WHERE filled AND NOT sent""",
    "slow": "SELECT count(*) FROM events WHERE kind = 'page_view' AND load_ms > 3000",
    "uturn": """
        SELECT count(*) FROM (
            SELECT page, ts, lag(page) OVER s AS before, lead(page) OVER s AS after, lead(ts) OVER s AS left_at
            FROM events JOIN pages USING (url) WHERE kind = 'page_view'
            WINDOW s AS (PARTITION BY session ORDER BY ts)
        ) WHERE before = after AND page <> before AND left_at - ts <= INTERVAL 10 SECOND""",
    "exits": "SELECT count(DISTINCT session) FROM events",
    "bounces": """
        SELECT count(*) FROM (
            SELECT count(*) FILTER (kind = 'page_view') AS views, count(*) FILTER (kind = 'click') AS clicks
            FROM events GROUP BY session
        ) WHERE views = 1 AND clicks = 0""",
    "visits": "SELECT count(*) FROM (SELECT DISTINCT session, page FROM events JOIN pages USING (url))",
}


def counted(path: Path, *, hashed: bool) -> dict[str, int]:
    """All counts of a Parquet, CSV or JSON-lines file."""
    import duckdb

    read = {".parquet": "read_parquet", ".csv": "read_csv"}.get(path.suffix, "read_json")
    name = "hash({})" if hashed else "{}"
    database: Any = duckdb.connect()
    database.execute(f"CREATE VIEW raw AS SELECT * FROM {read}('{path}')")
    database.execute(
        f"CREATE TABLE events AS SELECT {name.format('session_id')} AS session, ts, type AS kind, url, "
        f"{name.format('target')} AS target, x, y, load_ms, form_id AS form FROM raw"
    )
    database.execute(
        f"CREATE TABLE pages AS SELECT url, hash({PAGE}) AS page FROM (SELECT DISTINCT url FROM events)"
    )
    return {name: int(database.execute(query).fetchone()[0]) for name, query in sorted(QUERIES.items())}


def main() -> None:
    """Print the counts of the file that is named."""
    asked = argparse.ArgumentParser(description="The six counts by DuckDB.")
    asked.add_argument("file", type=Path)
    asked.add_argument("--hashed", action="store_true", help="numbers in the place of long names")
    given = asked.parse_args()
    print(json.dumps(counted(given.file, hashed=given.hashed)))


if __name__ == "__main__":
    main()
