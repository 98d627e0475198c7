"""Elements written as one line, from the outside inwards, and the columns of the event table they become.

    div.swiper > button.swiper-button-next[aria-label=Next slide]{›}

Tag, `#id` and `.class`, attributes in brackets, text in braces. `[cursor=pointer]` is what a recorder notes of style.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

_NODE = re.compile(
    r"(?P<tag>[a-z][\w-]*)(?P<names>(?:[.#][\w-]+)*)(?P<attrs>(?:\[[^\]]*\])*)(?:\{(?P<text>[^}]*)\})?"
)
_MEMBERS = {"role": "role", "type": "type", "name": "name", "aria-label": "aria_label", "href": "href"}


@cache
def element(line: str) -> dict[str, Any]:
    """The columns of the innermost element; its ancestors as the JSON that sources give."""
    nodes = [_node(part) for part in line.split(" > ")]
    own, above = nodes[-1], nodes[-2::-1]
    selector = " > ".join(node["selector"] for node in nodes[-2:])
    columns = {f"el_{name}": value for name, value in own.items() if name != "selector"}
    columns["el_attrs"] = json.dumps(own["attrs"])
    ancestors = [{name: value for name, value in node.items() if name != "selector"} for node in above]
    return {"target": selector, **columns, "el_ancestors": json.dumps(ancestors)}


def _node(text: str) -> dict[str, Any]:
    found = _NODE.fullmatch(text)
    if found is None:
        raise ValueError(f"no element: {text!r}")
    names = re.findall(r"[.#][\w-]+", found["names"])
    attrs = dict(_pair(word) for word in re.findall(r"\[([^\]]*)\]", found["attrs"]))
    node: dict[str, Any] = {"tag": found["tag"], "classes": [name[1:] for name in names if name[0] == "."]}
    node |= {
        member: name[1:] for member, name in zip(["id"], [n for n in names if n[0] == "#"], strict=False)
    }
    node |= {member: attrs.pop(name) for name, member in _MEMBERS.items() if name in attrs}
    node |= {"text": found["text"]} if found["text"] else {}
    return {**node, "attrs": attrs, "selector": found["tag"] + found["names"]}


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
