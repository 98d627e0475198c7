"""An element with its ancestors as a source describes them, for rules that were written against the page itself.

`friction.elements.facts` reads all it can out of names and words; a preset needs the opposite: exactly what was
recorded, attribute by attribute. Only where no column describes the element at all is its selector read instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import polars as pl

from friction.elements.node import Node
from friction.elements.selectors import nodes_of

OWN: tuple[str, ...] = ("tag", "id", "role", "type", "name", "text", "aria_label", "href", "classes")
COLUMNS: tuple[str, ...] = (
    "target",
    *(f"el_{name}" for name in OWN),
    *("el_attrs", "el_ancestors", "el_control", "el_disabled"),
)
"""What is looked at, as far as a table has it."""

_IN_COLUMNS = {"id": "id", "role": "role", "type": "type", "name": "name", "aria-label": "aria_label"}
"""Attributes that may stand in a member of their own."""
_NO_ATTRIBUTES: Mapping[str, str] = {}


class Element(NamedTuple):
    """One element. Tag and type are in lower case, names of attributes too; what nobody said is empty or null."""

    tag: str = ""
    classes: tuple[str, ...] = ()
    text: str = ""
    href: str | None = None
    attrs: Mapping[str, str] = _NO_ATTRIBUTES
    node_id: int | None = None

    def value(self, attribute: str) -> str:
        """The attribute's value, empty where it is absent."""
        return self.attrs.get(attribute, "")

    def has(self, attribute: str) -> bool:
        """Whether the attribute is there, with whatever value."""
        return attribute in self.attrs

    @property
    def type(self) -> str:
        return self.value("type").lower()

    @property
    def role(self) -> str:
        return self.value("role").lower()


class Chain(NamedTuple):
    """The element itself, then its ancestors from the parent outwards, and the control that a label names."""

    nodes: tuple[Element, ...]
    control: Element | None = None

    @property
    def own(self) -> Element:
        return self.nodes[0]

    @property
    def above(self) -> tuple[Element, ...]:
        return self.nodes[1:]

    @property
    def is_described(self) -> bool:
        """Whether any tag is known: without one no rule about elements can be asked."""
        return any(node.tag for node in self.nodes)


Fact = Callable[[Chain], int | None]
"""What a rule asks of an element: bits, or a number to compare; null where nothing can be said."""
NameFact = Callable[[str | None], int | None]
"""What a rule asks of the name of an event."""


def chain_facts(elements: pl.DataFrame, asked: Mapping[str, Fact]) -> dict[str, pl.Series]:
    """For each name asked what its function says of each row's element, as Int64 in the order of the rows.

    Columns, any of `COLUMNS`, as in the event table. A row that says nothing of an element is null.
    """
    have = [name for name in COLUMNS if name in elements.columns]
    names = [name.removeprefix("el_") for name in have]
    found: dict[str, list[int | None]] = {name: [] for name in asked}
    for row in elements.select(have).iter_rows():
        chain = chain_of(dict(zip(names, row, strict=True)))
        for name, fact in asked.items():
            found[name].append(None if chain is None else fact(chain))
    return {name: pl.Series(name, values, dtype=pl.Int64()) for name, values in found.items()}


def chain_of(told: Mapping[str, Any]) -> Chain | None:
    """The chain of one element from its members (names of columns without `el_`); null when all are null."""
    said = {name: value for name, value in told.items() if value is not None}
    if not said:
        return None
    read = nodes_of(said["target"]) if "target" in said and "tag" not in said else ()
    attrs = _object(said["attrs"]) if "attrs" in said else None
    disabled = {"disabled": ""} if attrs is None and said.get("disabled") else {}
    own = _element(
        {**_read(read), **said, "attrs": {**_read(read).get("attrs", {}), **(attrs or {}), **disabled}}
    )
    control = _object(said["control"]) if "control" in said else None
    above = (
        _ancestors(said["ancestors"])
        if "ancestors" in said
        else tuple(_element(_read([one])) for one in read[1:])
    )
    return Chain((own, *above), None if control is None else _element(control))


@lru_cache(maxsize=4096)
def _ancestors(text: str) -> tuple[Element, ...]:
    """Elements stand together: the ancestors of one are those of many, so they are read once."""
    known = _json(text)
    return tuple(_element(one) for one in known if isinstance(one, dict)) if isinstance(known, list) else ()


def _element(told: Mapping[str, Any]) -> Element:
    given = told.get("attrs")
    attrs = {str(name).lower(): _text(value) for name, value in (given or {}).items() if value is not False}
    for attribute, member in _IN_COLUMNS.items():
        if isinstance(value := told.get(member), str):
            attrs[attribute] = value
    if isinstance(href := told.get("href"), str):
        attrs["href"] = href
    classes = _classes(told.get("classes")) or tuple(attrs.get("class", "").split())
    number = told.get("node_id")
    return Element(
        tag=_text(told.get("tag")).lower(),
        classes=classes,
        text=_text(told.get("text")),
        href=attrs.get("href"),
        attrs=attrs,
        node_id=number if type(number) is int else None,
    )


def _read(nodes: Sequence[Node]) -> dict[str, Any]:
    """The members of the first of these nodes, which were read off a selector."""
    if not nodes:
        return {}
    told = {"tag": nodes[0].tag, "classes": nodes[0].classes, "attrs": dict(nodes[0].attrs or {})}
    return {**told, **({"id": nodes[0].id} if nodes[0].id else {})}


def _classes(classes: Any) -> tuple[str, ...]:
    if isinstance(classes, str):
        return tuple(classes.split())
    return tuple(map(str, classes)) if isinstance(classes, Sequence) else ()


def _object(text: str) -> dict[str, Any] | None:
    known = _json(text)
    return known if isinstance(known, dict) else None


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _text(value: Any) -> str:
    """A value as text. True and null are how recorders write an attribute without a value."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
