"""Frozen dataclasses of ours are those of the standard library, but for what they cost."""

from __future__ import annotations

import dataclasses
import inspect
import json
import pickle
from typing import Any, ClassVar

import orjson
import pytest
from pydantic import TypeAdapter

from friction.values import dataclass


@dataclass(frozen=True)
class Place:
    """Where something is."""

    page: str
    sessions: int = 3
    words: list[str] = dataclasses.field(default_factory=list)
    unseen: int = dataclasses.field(default=0, compare=False, repr=False)
    kind: ClassVar[str] = "place"


@dataclass(frozen=True, kw_only=True)
class Named(Place):
    """One below it, with names only."""

    name: str
    share: float = 0.5


@dataclasses.dataclass(frozen=True)
class Foreign(Place):
    """What somebody else makes of ours, by the library's own means."""

    more: int = 1


@dataclass(frozen=True)
class Halved:
    whole: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole", self.whole // 2)


@dataclass(frozen=True)
class Alike:
    page: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike) and self.page.lower() == other.page.lower()

    def __hash__(self) -> int:
        return hash(self.page.lower())


def test_values_are_made_by_place_and_by_name() -> None:
    assert vars(Place("/a", words=["b"])) == {"page": "/a", "sessions": 3, "words": ["b"], "unseen": 0}
    assert vars(Named("/a", 4, name="n")) == {
        **{"page": "/a", "sessions": 4, "words": [], "unseen": 0},
        **{"name": "n", "share": 0.5},
    }


def test_every_value_has_a_list_of_its_own() -> None:
    assert Place("/a").words is not Place("/a").words


@pytest.mark.parametrize("words", [{}, {"page": "/a", "strange": 1}], ids=["too few", "unknown"])
def test_what_does_not_fit_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        Place(**words)


def test_names_of_fields_are_needed_where_they_are_asked_for() -> None:
    with pytest.raises(TypeError, match="positional"):
        Named("/a", 1, [], 0, "n")  # type: ignore[call-arg]


def test_values_are_equal_by_what_is_compared() -> None:
    assert Place("/a", unseen=1) == Place("/a", unseen=2)
    assert Place("/a") != Place("/b")
    assert Place("/a") != Foreign("/a")
    assert Alike("/A") == Alike("/a")


def test_values_that_are_equal_have_one_hash() -> None:
    assert hash(Halved(4)) == hash(Halved(5))
    assert len({Alike("/A"), Alike("/a")}) == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Place("/a"))  # for its list


def test_a_value_shows_its_fields() -> None:
    assert repr(Named("/a", name="n")) == "Named(page='/a', sessions=3, words=[], name='n', share=0.5)"


@pytest.mark.parametrize("value", [Place("/a"), Named("/a", name="n"), Foreign("/a")], ids=repr)
def test_values_cannot_be_changed(value: Place) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError, match="assign"):
        value.page = "/b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="delete"):
        del value.page


def test_what_is_done_once_a_value_is_made_is_done() -> None:
    assert Halved(8).whole == 4


def test_a_class_below_that_is_not_made_anew_is_made_as_the_one_above() -> None:
    class Plain(Place):
        pass

    assert Plain("/a").page == "/a"
    assert vars(Place("/a")) == vars(Plain("/a"))


@pytest.mark.parametrize("value", [Place("/a", 2), Named("/a", name="n"), Foreign("/a")], ids=repr)
def test_the_library_knows_them(value: Place) -> None:
    assert dataclasses.is_dataclass(value)
    assert dataclasses.replace(value, sessions=9).sessions == 9
    assert pickle.loads(pickle.dumps(value)) == value
    assert json.loads(orjson.dumps(value)) == dataclasses.asdict(value)
    assert TypeAdapter(type(value)).validate_python(dataclasses.asdict(value)) == value


def test_the_signature_is_that_of_the_fields() -> None:
    assert list(inspect.signature(Named).parameters) == [
        "page",
        "sessions",
        "words",
        "unseen",
        "name",
        "share",
    ]


def test_words_above_a_class_stay_and_no_others_are_made_up() -> None:
    assert Place.__doc__ == "Where something is."
    assert Halved.__doc__ == "Halved"
