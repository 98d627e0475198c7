"""Adobe's data feeds: names beside the hits, numbers for events, hits that do not count."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from friction.errors import InputError
from friction.sources.adobe import revenue
from friction.tables import feeds
from friction.testing.exports.adobe import NAMES, TOLD, bare, rows
from friction.testing.exports.visits import steps
from tests.exports import analysed

FEED = Path(__file__).parents[2] / "fixtures" / "sources" / "adobe"


def delivered(folder: Path) -> list[Path]:
    """A delivery that somebody unpacked."""
    hits, headers, browsers = (
        folder / "01-shop_hit_data.tsv",
        folder / "column_headers.tsv",
        folder / "browser.tsv",
    )
    hits.write_bytes(bare(steps(4)))
    headers.write_text("\t".join(NAMES) + "\n", encoding="utf-8")
    browsers.write_text("1\tFirefox\n", encoding="utf-8")
    return [hits, headers, browsers]


def test_an_unpacked_delivery_is_the_same_as_the_archive(tmp_path: Path) -> None:
    packed, unpacked = analysed(FEED / "feed.zip"), analysed(*delivered(tmp_path))

    assert unpacked.input.events == packed.input.events > 0
    assert {passed.reason for passed in unpacked.input.passed_over} == {"lookup"}


def test_hits_that_adobe_excludes_or_that_were_uploaded_are_no_events() -> None:
    told = [step for step in steps(4) if step.what in TOLD]

    assert len(rows(steps(4))) == len(told) + 2
    assert analysed(FEED / "hits.tsv").input.events == len(told)


def test_hits_without_names_say_which_file_to_add(tmp_path: Path) -> None:
    path = tmp_path / "hit_data.tsv"
    path.write_bytes(bare(steps(4)))

    with pytest.raises(InputError, match="without the names") as refusal:
        analysed(path)

    assert "column_headers.tsv" in (refusal.value.problem.remedy or "")


def test_the_time_is_that_in_gmt_and_not_that_of_the_suite() -> None:
    first = min(step.at for step in steps(4) if step.what in TOLD)

    assert analysed(FEED / "hits.tsv").input.start == first.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1 << 20])
def test_what_stands_after_a_backslash_is_part_of_its_value(
    tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "BLOCK_BYTES", block)
    path = tmp_path / "hits.tsv"
    path.write_bytes(b"a\\\tb\tc\\\\\td\\\ne\n")

    assert feeds.named(path, b"x\ty\tz\tw").read_bytes() == b"x\ty\tz\tw\na b\tc\\\td e\n"


def test_a_row_may_have_fewer_fields_than_there_are_names(tmp_path: Path) -> None:
    path = tmp_path / "hits.tsv"
    path.write_bytes(b"1\t2\n")

    assert feeds.named(path, b"a\tb\tc").read_bytes() == b"a\tb\n1\t2\n"


@pytest.mark.parametrize(
    ("products", "sum_"),
    [("c;a;1;29.9,c;b;2;20.0", "49.9"), ("c;a", None), ("c;a;1;x", None), ("c;a;1;;e", None)],
)
def test_an_order_costs_what_its_products_cost(products: str, sum_: str | None) -> None:
    assert revenue(products) == sum_


def test_copies_keep_their_place(tmp_path: Path) -> None:
    copy = Path(shutil.copy(FEED / "hits.tsv", tmp_path / "again.tsv"))

    assert analysed(FEED / "hits.tsv", copy).input.events == analysed(FEED / "hits.tsv").input.events
