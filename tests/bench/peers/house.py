"""The six counts as somebody at home in ClickHouse would ask chDB for them: names hashed, windows over frames."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

FORMATS = {".parquet": "Parquet", ".csv": "CSVWithNames", ".jsonl": "JSONEachRow"}
PATH = r"replaceRegexpOne(replaceRegexpOne(url, '^[a-z]+://[^/]*', ''), '[?#].*$', '')"
PAGE = (
    rf"replaceRegexpAll(replaceRegexpAll(replaceRegexpAll({PATH}, '/[0-9a-f]{{8}}-[0-9a-f-]{{27}}', '/:uuid'), "
    r"'/\\d+\\b', '/:id'), '-\\d+\\b', '-:n')"
)
ORDER = "(PARTITION BY session ORDER BY us ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
NEVER = "toInt64(9223372036854775807)"
TABLES = (
    "CREATE TABLE raw AS SELECT cityHash64(session_id) AS session, toUnixTimestamp64Micro(ts) AS us, type AS kind, "
    "cityHash64(url) AS address, cityHash64(ifNull(target, '')) AS target, toInt32(ifNull(x, 0)) AS x, "
    "toInt32(ifNull(y, 0)) AS y, load_ms, form_id AS form FROM source",
    "CREATE TABLE pages ENGINE = Join(ANY, LEFT, address) AS "
    f"SELECT cityHash64(url) AS address, cityHash64({PAGE}) AS page FROM (SELECT DISTINCT url FROM source)",
    "CREATE TABLE events AS SELECT *, joinGet('pages', 'page', address) AS page FROM raw",
)
NEAR = "(target{0} = target2 OR (x{0} - x2) * (x{0} - x2) + (y{0} - y2) * (y{0} - y2) <= 900)"
BEFORE = ", ".join(
    f"lagInFrame({name}, {by}, {name}) OVER s AS {name}{by}" for name in ("target", "x", "y") for by in (1, 2)
)
QUERIES = {
    "rage": f"""
        SELECT count() FROM (
            SELECT hit, lagInFrame(hit, 1, 0) OVER {ORDER} AS before FROM (
                SELECT session, us, us2 > 0 AND us - us2 <= 1000000 AND {NEAR.format(1)} AND {NEAR.format("")} AS hit
                FROM (
                    SELECT session, us, target, x, y, lagInFrame(us, 2, 0) OVER s AS us2, {BEFORE}
                    FROM events WHERE kind = 'click' WINDOW s AS {ORDER}
                )
            )
        ) WHERE hit AND NOT before""",
    "dead": f"""
        SELECT countIf(kind = 'click' AND (answer = {NEVER} OR answer - us > 2000000)) FROM (
            SELECT kind, us, min(if(kind IN ('page_view', 'input', 'submit', 'dom_change'), us, {NEVER})) OVER
                (PARTITION BY session ORDER BY us DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS answer
            FROM events
        )""",
    "abandoned": """
        SELECT countIf(filled AND NOT sent) FROM (
            SELECT max(kind = 'input') AS filled, max(kind = 'submit') AS sent
            FROM events WHERE form IS NOT NULL GROUP BY session, form
        )""",
    "slow": "SELECT countIf(kind = 'page_view' AND load_ms > 3000) FROM events",
    "uturn": f"""
        SELECT countIf(before = after AND page != before AND before != 0 AND left_at - us <= 10000000) FROM (
            SELECT page, us, lagInFrame(page, 1, 0) OVER s AS before, leadInFrame(page, 1, 0) OVER s AS after,
                leadInFrame(us, 1, 0) OVER s AS left_at
            FROM events WHERE kind = 'page_view' WINDOW s AS {ORDER}
        )""",
    "exits": "SELECT uniqExact(session) FROM events",
    "bounces": """
        SELECT countIf(views = 1 AND clicks = 0) FROM (
            SELECT countIf(kind = 'page_view') AS views, countIf(kind = 'click') AS clicks
            FROM events GROUP BY session
        )""",
    "visits": "SELECT uniqExact(session, page) FROM events",
}


def counted(path: Path) -> dict[str, int]:
    """All counts of a Parquet, CSV or JSON-lines file."""
    from chdb import session

    begun: Any = session.Session  # without types where it is installed, unknown where it is not
    held = begun()
    held.query("SET default_table_engine = 'Memory'")
    source = f"file('{path}', '{FORMATS[path.suffix]}')"
    for table in TABLES:
        held.query(table.replace("source", source))
    return {name: int(str(held.query(query, "TSV")).strip()) for name, query in sorted(QUERIES.items())}


if __name__ == "__main__":
    print(json.dumps(counted(Path(sys.argv[1]))))
