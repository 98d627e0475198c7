"""Words on their way to the disk, batch by batch: one pool as long as they come out as they are, two from then on."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from friction.ingest.disk.columns import Columns
from friction.ingest.disk.words import Made, own_pools
from friction.ingest.gather import Pools
from friction.ingest.words import Worded
from friction.sources.base import OfWords

SESSION = OfWords({"id": "id"}, pl.col("id").str.strip_chars())
Batch = dict[str, list[str | None]]
VISITOR = OfWords({"who": "who"}, pl.col("who"))


def written(folder: Path, sources: list[OfWords], *batches: Batch) -> tuple[list[str | None], bool]:
    """What the disk holds of a column that follows from these, and whether its pool is that of the first of them."""
    one, pools = Worded("session_id", sources), Pools()
    own = own_pools([one], {name: pl.String() for name in batches[0]})
    made, held = Made(one, own, pools), Columns(folder / "held")
    frames = [pl.DataFrame(batch, schema=dict.fromkeys(batch, pl.String())).cast(own) for batch in batches]  # type: ignore[arg-type]
    for frame in frames:
        held.append(made.of(frame).to_frame())
    texts = held.read(0, held.height, ["session_id"])["session_id"].cast(pl.String())
    return texts.to_list(), pools.pools["session_id"] == own["id"].categories


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        (["b", "a", "c", "a"], True),
        (["b", " a", "a", "c"], False),
        (["b", "a", "d ", "a"], False),
        (["b", "a", None, "a "], False),
        ([None, None, "b", "a"], True),
    ],
)
def test_words_have_one_pool_as_long_as_nothing_changes_them(
    tmp_path: Path, words: list[str | None], is_one: bool
) -> None:
    plain = [word.strip() if word else word for word in words]

    assert written(tmp_path, [SESSION], {"id": words[:2]}, {"id": words[2:]}) == (plain, is_one)


def test_where_another_source_tells_more_there_are_two(tmp_path: Path) -> None:
    first: Batch = {"id": ["s", "t"], "who": ["v", "s"]}
    second: Batch = {"id": [None, "u"], "who": ["t", "v"]}

    assert written(tmp_path, [SESSION, VISITOR], first, second) == (["s", "t", "t", "u"], False)
