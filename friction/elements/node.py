"""One element as far as it is known: empty text and null mean that nobody said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from friction.elements.words import OPT_OUT_ATTRIBUTES, Mark, marks_of


class Node(NamedTuple):
    """Tag, role and type in lower case; `attrs` by lower-case name, null when none were recorded."""

    tag: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    role: str = ""
    type: str = ""
    name: str = ""
    text: str = ""
    label: str = ""
    href: str | None = None
    attrs: Mapping[str, str] | None = None
    marks: int = 0
    """What its names speak of (`words.Mark`)."""

    def filled(self, other: Node) -> Node:
        """This node, with what it leaves open taken from the other."""
        told = {name: value for name, value in self._asdict().items() if value}
        return other._replace(**told)._replace(marks=self.marks | other.marks)

    def has(self, attribute: str) -> bool:
        """Whether the attribute is known to be there, with whatever value."""
        return self.attrs is not None and attribute in self.attrs

    def value(self, attribute: str) -> str:
        """The attribute's value in lower case, empty when it is not known."""
        return self.attrs.get(attribute, "").lower() if self.attrs else ""


_NONE: Mapping[str, str] = {}


def described(given: Mapping[str, Any]) -> Node:
    """A node from what a source says under `tag id classes role type name text aria_label href attrs`.

    A value that stands among the attributes counts like one of its own; other types count as nothing.
    """
    attrs = _attributes(given.get("attrs"))
    also = attrs or _NONE
    tag, href = _text(given.get("tag")).lower(), given.get("href")
    id, name = _text(given.get("id")) or also.get("id", ""), _text(given.get("name")) or also.get("name", "")
    classes = _classes(given.get("classes")) or tuple(also.get("class", "").split())
    role = (_text(given.get("role")) or also.get("role", "")).lower().partition(" ")[0]
    label = _text(given.get("aria_label")) or also.get("aria-label") or also.get("title", "")
    return Node(
        tag=tag,
        id=id,
        classes=classes,
        role=role,
        type=(_text(given.get("type")) or also.get("type", "")).lower(),
        name=name,
        text=_text(given.get("text")).strip(),
        label=label.strip(),
        href=href if isinstance(href, str) else also.get("href"),
        attrs=attrs,
        marks=marks_among(tag, (*classes, id, role, name, label), also),
    )


def marks_among(tag: str, names: Sequence[str], attrs: Mapping[str, str] = _NONE) -> int:
    """The marks of all these names; of tags only custom ones (`date-picker`) are names."""
    found = marks_of(tag) if "-" in tag else 0
    for name in names:
        if name:
            found |= marks_of(name)
    return found if OPT_OUT_ATTRIBUTES.isdisjoint(attrs) else found | Mark.OPT_OUT


def _attributes(attrs: Any) -> Mapping[str, str] | None:
    if not isinstance(attrs, Mapping):
        return None
    return {str(name).lower(): _text(value) for name, value in attrs.items()}


def _classes(classes: Any) -> tuple[str, ...]:
    if isinstance(classes, str):
        return tuple(classes.split())
    if isinstance(classes, Sequence):
        return tuple(name for name in classes if isinstance(name, str))
    return ()


def _text(value: Any) -> str:
    """A value as text. True and null are how recorders write an attribute without a value."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
