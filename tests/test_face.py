"""`import friction` is enough for a program: every name it promises is there when it is asked for."""

from __future__ import annotations

import pytest

import friction


@pytest.mark.parametrize("name", friction.__all__)
def test_every_promised_name_is_there(name: str) -> None:
    assert getattr(friction, name) is not None
    assert name in dir(friction)


def test_any_other_name_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'analise'"):
        _ = friction.analise
