"""The six counts as somebody at home in Spark would take them, on this machine alone (`local[2]`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

CORES = 2
CONFIGURED = {
    "spark.driver.memory": "6g",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}
PATH = r"regexp_replace(regexp_replace(url, '^[a-z]+://[^/]*', ''), '[?#].*$', '')"
PAGE = (
    rf"regexp_replace(regexp_replace(regexp_replace({PATH}, '/[0-9a-f]{{8}}-[0-9a-f-]{{27}}', '/:uuid'), "
    r"'/\\d+\\b', '/:id'), '-\\d+\\b', '-:n')"
)
QUERIES = {
    "rage": """
        SELECT count(*) FROM (
            SELECT hit, lag(hit) OVER (PARTITION BY session ORDER BY us) AS before FROM (
                SELECT session, us, coalesce(
                    us - us2 <= 1000000
                    AND (target1 = target2 OR (x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2) <= 900)
                    AND (target = target2 OR (x - x2) * (x - x2) + (y - y2) * (y - y2) <= 900), false) AS hit
                FROM (
                    SELECT session, us, target, x, y, lag(us, 2) OVER s AS us2,
                           lag(target, 1) OVER s AS target1, lag(x, 1) OVER s AS x1, lag(y, 1) OVER s AS y1,
                           lag(target, 2) OVER s AS target2, lag(x, 2) OVER s AS x2, lag(y, 2) OVER s AS y2
                    FROM events WHERE kind = 'click' WINDOW s AS (PARTITION BY session ORDER BY us)
                )
            )
        ) WHERE hit AND before IS NOT true""",
    "dead": """
        SELECT count(*) FROM (
            SELECT kind, us, min(CASE WHEN kind IN ('page_view', 'input', 'submit', 'dom_change') THEN us END) OVER (
                PARTITION BY session ORDER BY us ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS answer
            FROM events
        ) WHERE kind = 'click' AND (answer IS NULL OR answer - us > 2000000)""",
    "abandoned": """
        SELECT count(*) FROM (
            SELECT bool_or(kind = 'input') AS filled, bool_or(kind = 'submit') AS sent
            FROM events WHERE form IS NOT NULL GROUP BY session, form
        ) WHERE filled AND NOT sent""",
    "slow": "SELECT count(*) FROM events WHERE kind = 'page_view' AND load_ms > 3000",
    "uturn": """
        SELECT count(*) FROM (
            SELECT page, us, lag(page) OVER s AS before, lead(page) OVER s AS after, lead(us) OVER s AS left_at
            FROM events WHERE kind = 'page_view' WINDOW s AS (PARTITION BY session ORDER BY us)
        ) WHERE before = after AND page <> before AND left_at - us <= 10000000""",
    "exits": "SELECT count(DISTINCT session) FROM events",
    "bounces": """
        SELECT count(*) FROM (
            SELECT count_if(kind = 'page_view') AS views, count_if(kind = 'click') AS clicks
            FROM events GROUP BY session
        ) WHERE views = 1 AND clicks = 0""",
    "visits": "SELECT count(*) FROM (SELECT DISTINCT session, page FROM events)",
}


def counted(path: Path) -> dict[str, int]:
    """All counts of a Parquet, CSV or JSON-lines file."""
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder.master(f"local[{CORES}]")
    for name, value in CONFIGURED.items():
        builder = builder.config(name, value)
    spark: Any = builder.getOrCreate()
    read = spark.read.option("header", "true").option("inferSchema", "true")
    kind = {".parquet": "parquet", ".csv": "csv"}.get(path.suffix, "json")
    events = read.format(kind).load(str(path)).selectExpr(
        *("session_id AS session", "unix_micros(timestamp(ts)) AS us", "type AS kind", "url"),
        *("target", "int(x) AS x", "int(y) AS y", "load_ms", "form_id AS form"),
    )  # fmt: skip
    pages = events.select("url").distinct().selectExpr("url", f"{PAGE} AS page")
    events.join(pages, "url").cache().createOrReplaceTempView("events")
    found = {name: int(spark.sql(query).collect()[0][0]) for name, query in sorted(QUERIES.items())}
    spark.stop()
    return found


if __name__ == "__main__":
    print(json.dumps(counted(Path(sys.argv[1]))))
