"""`friction init`: the configuration that a person would have written, to correct."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path

import pytest

from friction.cli.demo import sites
from friction.config import load
from tests.cli.conftest import Run
from tests.exports import Row, row, visits, written

SETTING = re.compile(r"\[|\]|\w+ = | +\"")
OTTO = """session,ts_ms,event,item
0,1659304800025,clicks,1517085
0,1659304904511,clicks,1563459
0,1659304904911,carts,1563459
1,1659304800025,clicks,424964
1,1659304900025,carts,424964
1,1659305000025,orders,424964
2,1659306000025,clicks,763743
"""
"""A shop of items and orders without addresses, in the columns of a public data set of that shape."""


def test_of_the_sample_shop_the_purchase_is_the_goal(friction: Run, tmp_path: Path) -> None:
    outcome = friction("init", str(sites() / "shop" / "events.parquet"))
    found, text = load(folder=tmp_path), (tmp_path / "friction.toml").read_text(encoding="utf-8")

    assert outcome.code == 0
    assert [goal.when for goal in found.goals.values()] == ["event=purchase"]
    assert "/cart → /checkout/address → /checkout/payment" in text
    assert found.funnels["purchase"].steps[-2:] == ("page=/checkout/done", "event=purchase")
    assert '# decision = ["page=/cart", "page=/checkout/address"' in text
    assert "checkout: /checkout/address" in text


def test_of_a_shop_of_items_the_order_is_the_goal(friction: Run, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(OTTO)
    friction("init", "events.csv", "-o", "otto.toml")

    assert [goal.when for goal in load(tmp_path / "otto.toml").goals.values()] == ["event=orders"]


def test_without_a_likely_goal_none_is_in_force(friction: Run, tmp_path: Path) -> None:
    written(tmp_path / "events.csv", [row(f"s{n}", n, "page_view", f"/p{n % 3}") for n in range(30)])
    friction("init", "events.csv", "--quiet")

    assert load(folder=tmp_path).goals == {}


def crowd() -> list[Row]:
    """Customers, and people and places that have nothing to do with them."""
    rows = visits(60, visitor_id="c@customer.test")
    rows += [
        row(f"o{n}", 9_000_000 + n, "page_view", "/shop", visitor_id=f"p{n}@shop.test") for n in range(4)
    ]
    rows += [
        row(f"t{n}", 9_100_000 + n, "page_view") | {"url": "https://staging.shop.test/a"} for n in range(3)
    ]
    return rows + [row(f"a{n}", 9_200_000 + n, "page_view", "/admin/orders") for n in range(2)]


def test_who_probably_does_not_count_is_proposed_with_how_many(friction: Run, tmp_path: Path) -> None:
    written(tmp_path / "events.csv", crowd())
    friction("init", "events.csv")
    text = (tmp_path / "friction.toml").read_text(encoding="utf-8")

    for line in (
        '"*@shop.test",  # 4 sessions',
        '"*://staging.shop.test*",  # 3 sessions',
        '"*/admin*",  # 2 sessions',
    ):
        assert line in text
    assert "p1@shop.test" not in text


def test_every_line_behind_a_sign_may_be_put_into_force(friction: Run, tmp_path: Path) -> None:
    written(tmp_path / "events.csv", crowd())
    friction("init", "events.csv")
    text = (tmp_path / "friction.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    whole = tmp_path / "whole.toml"
    whole.write_text("\n".join(line for line in lines if SETTING.match(line)), encoding="utf-8")

    assert load(whole).exclude.pages == ("*://staging.shop.test*", "*/admin*")
    assert set(load(whole).pages.types) == {"product", "checkout"}


def test_the_key_is_for_this_user_alone_and_hashes_visitors(friction: Run, tmp_path: Path) -> None:
    import polars as pl

    from friction.privacy.identities import visitor

    written(tmp_path / "events.csv", visits(9, visitor_id="v1"))
    friction("init", "events.csv")
    key = tmp_path / "friction.key"
    friction("convert", "events.csv", "-o", "events.parquet")
    kept = pl.read_parquet(tmp_path / "events.parquet")["visitor_id"].unique().to_list()

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert kept == [visitor("v1", key.read_text().strip())]
    assert key.read_text().strip() not in friction("analyze", "events.csv", "--format", "json").out


def test_what_is_there_stays(friction: Run, tmp_path: Path) -> None:
    (tmp_path / "friction.toml").write_text("[limits]\nthreads = 1\n")
    outcome = friction("init", "events.csv", "--format", "json")

    assert outcome.code == 2
    assert (tmp_path / "friction.toml").read_text() == "[limits]\nthreads = 1\n"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_comments_speak_the_language_of_the_reader(friction: Run, tmp_path: Path, lang: str) -> None:
    written(tmp_path / "events.csv", visits(9))
    friction("init", "events.csv", "--lang", lang)
    text = (tmp_path / "friction.toml").read_text(encoding="utf-8")

    assert ("conversion" in text, "proposés" in text) == (True, lang == "fr")
    assert tomllib.loads(text)["privacy"] == {"key_file": "friction.key"}
