"""Values of a report with some of their fields changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from friction.report import again
from tests.reports import impact, point


def test_a_point_made_again_is_what_replacing_its_fields_gives() -> None:
    one = point(1, impact(10, 5, 15))

    assert again(one, rank=2, stage="buy") == replace(one, rank=2, stage="buy")
    assert one == point(1, impact(10, 5, 15))


def test_a_field_that_there_is_not_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="Point has not all of rank, place"):
        again(point(1), rank=2, place=3)
