"""The six counts as somebody at home in pandas would take them: sorted once, neighbours by `shift`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pandas as pd

COLUMNS = ["session_id", "ts", "type", "url", "target", "x", "y", "load_ms", "form_id"]
SECOND = 1_000_000


def page(url: str) -> str:
    """The template of an address."""
    path = re.sub(r"[?#].*$", "", re.sub(r"^[a-z]+://[^/]*", "", url))
    path = re.sub(r"/[0-9a-f]{8}-[0-9a-f-]{27}", "/:uuid", path)
    return re.sub(r"-\d+\b", "-:n", re.sub(r"/\d+\b", "/:id", path))


def read(path: Path) -> pd.DataFrame:
    """The events in order, long names as numbers."""
    if path.suffix == ".parquet":
        events = pd.read_parquet(path, columns=COLUMNS)
    elif path.suffix == ".csv":
        events = pd.read_csv(path, usecols=COLUMNS, parse_dates=["ts"])
    else:
        events = pd.read_json(path, lines=True)[COLUMNS]
    for name in ("session_id", "url", "target", "form_id"):
        events[name], words = pd.factorize(events[name])
        if name == "url":
            events["page"] = pd.factorize(pd.Series([page(word) for word in words]))[0][events["url"]]
    events["us"] = events["ts"].astype("datetime64[us]").astype("int64")
    return events.sort_values(["session_id", "us"], ignore_index=True)


def rage(events: pd.DataFrame) -> int:
    """Episodes of quick clicks near each other."""
    clicks = events[events["type"] == "click"]
    two = clicks[["session_id", "us", "target", "x", "y"]].shift(2)

    def near(by: int) -> pd.Series:
        one = clicks[["target", "x", "y"]].shift(by)
        return (one["target"] == two["target"]) | (
            (one["x"] - two["x"]) ** 2 + (one["y"] - two["y"]) ** 2 <= 900
        )

    here = clicks["session_id"] == two["session_id"]
    hit = here & (clicks["us"] - two["us"] <= SECOND) & near(0) & near(1)
    before = hit.shift(fill_value=False) & (clicks["session_id"] == clicks["session_id"].shift())
    return int((hit & ~before).sum())


def dead(events: pd.DataFrame) -> int:
    """Clicks that nothing answers."""
    answers = events["type"].isin(["page_view", "input", "submit", "dom_change"])
    when, whose = (events[name].where(answers).bfill() for name in ("us", "session_id"))
    answered = (whose == events["session_id"]) & (when - events["us"] <= 2 * SECOND)
    return int(((events["type"] == "click") & ~answered).sum())


def uturn(events: pd.DataFrame) -> int:
    """Views between two of another address."""
    views = events[events["type"] == "page_view"]
    before, after = views.shift(), views.shift(-1)
    inside = (views["session_id"] == before["session_id"]) & (views["session_id"] == after["session_id"])
    back = (before["page"] == after["page"]) & (views["page"] != before["page"])
    return int((inside & back & (after["us"] - views["us"] <= 10 * SECOND)).sum())


def counted(events: pd.DataFrame) -> dict[str, int]:
    """All counts."""
    forms = events[events["form_id"] >= 0].groupby(["session_id", "form_id"])["type"].agg(set)
    by_session = events.assign(view=events["type"] == "page_view", click=events["type"] == "click")
    by_session = by_session.groupby("session_id")[["view", "click"]].sum()
    return {
        "abandoned": int(sum("input" in kinds and "submit" not in kinds for kinds in forms)),
        "bounces": int(((by_session["view"] == 1) & (by_session["click"] == 0)).sum()),
        "dead": dead(events),
        "exits": len(by_session),
        "rage": rage(events),
        "slow": int(((events["type"] == "page_view") & (events["load_ms"] > 3_000)).sum()),
        "uturn": uturn(events),
        "visits": len(events[["session_id", "page"]].drop_duplicates()),
    }


if __name__ == "__main__":
    print(json.dumps(counted(read(Path(sys.argv[1])))))
