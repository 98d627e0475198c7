from __future__ import annotations

from typing import Any

from friction.recordings.mirror import Mirror
from tests.recordings.build import el, mirror, text


def adds(*items: tuple[int, int | None, dict[str, Any]]) -> dict[str, Any]:
    return {"adds": [{"parentId": parent, "nextId": after, "node": node} for parent, after, node in items]}


def children(made: Mirror, number: int) -> list[int]:
    return [child["id"] for child in made.nodes[number]["childNodes"]]


def test_a_parent_may_arrive_after_its_child() -> None:
    made = mirror()
    made.apply(adds((21, None, el(22, "b")), (20, None, el(21, "p")), (6, None, el(20, "div"))))
    assert [node["id"] for node in made.ancestors(22, 8)] == [21, 20, 6, 2]


def test_a_node_is_put_before_its_next_sibling() -> None:
    made = mirror(el(10, "ul", el(11, "li"), el(12, "li")))
    made.apply(adds((10, 12, el(13, "li"))))
    assert children(made, 10) == [11, 13, 12]


def test_an_unknown_next_sibling_means_the_end() -> None:
    made = mirror(el(10, "ul", el(11, "li")))
    made.apply(adds((10, 99, el(13, "li"))))
    assert children(made, 10) == [11, 13]


def test_a_removed_subtree_is_forgotten_as_a_whole() -> None:
    made = mirror(el(10, "div", el(11, "p", text(12, "x"))))
    made.apply({"removes": [{"parentId": 6, "id": 10}]})
    assert {10, 11, 12} & made.nodes.keys() == set()


def test_a_moved_node_keeps_its_children() -> None:
    made = mirror(el(10, "div", el(11, "p")), el(20, "div"))
    made.apply({"removes": [{"parentId": 6, "id": 10}], **adds((20, None, el(10, "div")))})
    assert [node["id"] for node in made.ancestors(11, 8)] == [10, 20, 6, 2]


def test_a_child_that_is_told_again_after_its_moved_parent_stands_there_once() -> None:
    made = mirror(el(10, "div", el(11, "p")), el(20, "div"))
    again = adds((20, None, el(10, "div")), (10, None, el(11, "p")))
    made.apply({"removes": [{"parentId": 6, "id": 10}], **again})
    assert children(made, 10) == [11]


def test_a_node_cannot_move_under_its_own_child() -> None:
    made = mirror(el(10, "div", el(11, "p")))
    made.apply(adds((11, None, el(10, "div"))))
    assert [node["id"] for node in made.ancestors(11, 8)] == [10, 6, 2]


def test_a_frame_s_document_hangs_below_the_frame() -> None:
    made = mirror(el(10, "iframe"))
    document = {"type": 0, "id": 30, "childNodes": [el(31, "html", el(32, "body", el(33, "button")))]}
    made.apply(adds((10, None, document)))
    assert [node["id"] for node in made.ancestors(33, 8)] == [32, 31, 10, 6, 2]


def test_an_attribute_that_became_null_is_gone() -> None:
    made = mirror(el(10, "button", disabled=True))
    made.apply({"attributes": [{"id": 10, "attributes": {"disabled": None, "class": "a"}}]})
    assert made.nodes[10]["attributes"] == {"class": "a"}


def test_changed_parts_of_a_style_leave_the_style_as_it_was() -> None:
    made = mirror(el(10, "div", style="color: red"))
    dirty = made.apply({"attributes": [{"id": 10, "attributes": {"style": {"opacity": "0.5"}}}]})
    assert (made.nodes[10]["attributes"], dirty) == ({"style": "color: red"}, False)


def test_what_does_not_fit_is_passed_over() -> None:
    made = mirror(el(10, "div"))
    before = set(made.nodes)
    made.apply(
        {"adds": [7, {"parentId": "6", "node": {}}, {"parentId": 6, "node": {"id": "x"}}], "texts": None}
    )
    made.apply(
        {"removes": [{"id": [1]}, {"id": 99}], "attributes": [{"id": 10, "attributes": []}, {"id": 99}]}
    )
    assert set(made.nodes) == before


def test_a_number_used_twice_does_not_hang_the_walk_upwards() -> None:
    made = mirror(el(10, "div"))
    made.apply(adds((10, None, el(40, "div", el(6, "p", el(41, "b"))))))
    assert len(list(made.ancestors(41, 8))) <= 8
