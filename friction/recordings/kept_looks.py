"""Attributes of a recorded element as they may be kept: those that say what it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from friction.recordings.kept_styles import masked_css

LONGEST_VALUE, MOST_DOTS = 200, 80
DOT = "•"
GONE = object()
"""In the place of what is not kept."""
LOOKS = frozenset(
    "class id type width height align valign bgcolor border cellpadding cellspacing color cols colspan dir disabled"
    " face for hidden high lang low max maxlength min multiple name nowrap open optimum readonly required reversed"
    " role rows rowspan scope size span start tabindex wrap checked contenteditable"
    " rr_width rr_height rr_scrollleft rr_scrolltop"
    " clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule filter font-family font-size"
    " font-weight fx fy gradienttransform gradientunits letter-spacing marker-end marker-mid marker-start mask offset"
    " opacity pathlength patterntransform patternunits points preserveaspectratio r rx ry spreadmethod stop-color"
    " stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit"
    " stroke-opacity stroke-width text-anchor transform vector-effect viewbox visibility x x1 x2 y y1 y2".split()
)
WORDS = frozenset("alt title placeholder label aria-label aria-description aria-valuetext".split())
_STATES = re.compile(r"(?:aria|data)-[a-z][a-z-]{0,30}")
_STATE = re.compile(r"[A-Za-z][A-Za-z_-]{0,23}|[0-9.]{0,4}")
_ADDRESS = re.compile(r"//|(?i:url|javascript|data:)|@")
_LONG = frozenset("class d points transform".split())
_LOCAL = re.compile(r"#[\w.:-]{1,80}")


def attribute(low: str, value: Any, tag: str, type_: str) -> Any:
    """The value of an attribute that holds no words, as it may be kept, or `GONE`; `low` is its name."""
    if low == "style":
        return _style(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value if low in LOOKS or low in WORDS or _STATES.fullmatch(low) else GONE
    return _looks(low, value, tag, type_) if isinstance(value, str) else GONE


def dots(text: Any) -> str:
    """As many dots as were typed."""
    return DOT * min(len(text), MOST_DOTS) if isinstance(text, str) else ""


def _typed(value: str, tag: str, type_: str) -> Any:
    return dots(value) if tag in {"input", "textarea"} and type_ not in {"hidden", "password"} else GONE


def _looks(low: str, value: str, tag: str, type_: str) -> Any:
    special: dict[str, Callable[[], Any]] = {
        "_csstext": lambda: masked_css(value),
        "rel": lambda: value if tag == "link" and value == "stylesheet" else GONE,
        "value": lambda: _typed(value, tag, type_),
        "href": lambda: value if _LOCAL.fullmatch(value) else GONE,
        "xlink:href": lambda: value if _LOCAL.fullmatch(value) else GONE,
    }
    if low in special:
        return special[low]()
    if _STATES.fullmatch(low):
        return value if _STATE.fullmatch(value) else GONE
    if low not in LOOKS or _ADDRESS.search(value.replace("url(#", "")):
        return GONE
    return value if len(value) <= LONGEST_VALUE or low in _LONG else GONE


def _style(value: Any) -> Any:
    """Inline style: its text, or the changed properties by name, each a value or a value with its priority."""
    if isinstance(value, str):
        return masked_css(value)
    if not isinstance(value, dict):
        return None
    return {masked_css(str(name)): _property(each) for name, each in value.items()}


def _property(value: Any) -> Any:
    if isinstance(value, list):
        return [masked_css(str(each)) for each in value]
    return masked_css(value) if isinstance(value, str) else False
