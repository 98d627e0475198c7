"""What counts as a conversion, in words: `event=purchase and page=/thanks`.

    EXPR     one or more clauses joined by `and`
    clause   field, operator, value
    field    event   the vendor's own name of the event, else its kind
             page    the template of the page, as reports print it
             url     the address as it was kept
             target  the stable selector of the element
    operator =       the value is exactly this
             ~       the value fits this pattern; `*` stands for any text, everything else for itself
    value    any text; in single or double quotes when it holds ` and ` or starts or ends with a space
             (inside quotes a backslash takes the next character as it is)

The steps of own rules (`[rules.NAME]`) are written alike, and may ask more: `CONDITIONS`.

Only the grammar lives here; which events fit is decided where the events are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NoReturn

from friction.errors import UsageError, nearest
from friction.values import dataclass

TEXT = ("=", "~")
NUMBER = ("=", ">", ">=", "<", "<=")
FIELDS: Mapping[str, tuple[str, ...]] = dict.fromkeys(("event", "page", "url", "target"), TEXT)
"""What a goal may ask of an event, with the operators."""
NUMBERS = (
    *("http_status", "duration_ms", "response_delay_ms", "press_ms", "hover_ms", "value_len", "scroll_pct"),
    *("load_ms", "ttfb_ms", "fcp_ms", "lcp_ms", "inp_ms", "cls", "detail", "button", "value"),
)
ELEMENT = (
    *("interactive", "inert", "link", "new_tab", "download", "disabled", "submit", "text_entry"),
    *("native_control", "toggle", "stepper", "pager", "carousel", "calendar", "slider", "media", "canvas"),
    *("opt_out", "search", "login", "chosen", "hint", "handle", "text"),
)
"""What an element may be, as `is=disabled`."""
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    **FIELDS,
    **dict.fromkeys(("form", "field", "error"), TEXT),
    **dict.fromkeys(NUMBERS, NUMBER),
    "is": ("=",),
}
"""What a step of a rule may ask: besides, the form and field, the error (its message), figures, and `is`."""
_HEAD = re.compile(r"\s*(?P<field>\w+)\s*(?P<operator>[<>]=|[=~<>])[^\S\n]*")
_QUOTED = re.compile(
    r"""(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)(?=\s|$)""", re.DOTALL
)
_JOINT = re.compile(r"\s+and(?=\s|$)")
_REMEDY = 'write it like event=purchase, page=/thanks or url~*/done*, joined by "and"'


@dataclass(frozen=True)
class Clause:
    """One condition on one event."""

    field: str
    operator: str
    value: str

    @property
    def pattern(self) -> str:
        """A regular expression that fits the whole value, in the syntax that Python and Polars share."""
        parts = self.value.split("*") if self.operator == "~" else [self.value]
        return f"(?s)^{'.*'.join(re.escape(part) for part in parts)}$"

    def __str__(self) -> str:
        return f"{self.field}{self.operator}{_written(self.value)}"


@dataclass(frozen=True)
class Goal:
    """All clauses must hold for one and the same event."""

    clauses: tuple[Clause, ...]

    def __str__(self) -> str:
        """The expression in its plainest spelling; parsing it gives the same goal."""
        return " and ".join(str(clause) for clause in self.clauses)


def parse(expr: str, fields: Mapping[str, tuple[str, ...]] = FIELDS) -> Goal:
    """Read one expression. Raises `UsageError("goal.syntax")` that names the place, counted from 1."""
    clauses, at = [], 0
    while True:
        clause, at = _clause(expr, at, fields)
        clauses.append(clause)
        if not expr[at:].strip():
            return Goal(tuple(clauses))
        joint = _JOINT.match(expr, at)
        if joint is None:
            _refuse(expr, at, '"and" is expected here')
        at = joint.end()


def _clause(expr: str, at: int, fields: Mapping[str, tuple[str, ...]]) -> tuple[Clause, int]:
    head = _HEAD.match(expr, at)
    if head is None or (fields is FIELDS and head["operator"] not in TEXT):
        _refuse(expr, at, "a condition like event=purchase is expected here", _hint(at))
    field, operator = head["field"], head["operator"]
    if field not in fields:
        _refuse(expr, head.start("field"), f"{field!r} is no field", nearest(field, fields))
    if operator not in fields[field]:
        remedy = f"it has: {' '.join(fields[field])}"
        _refuse(expr, head.start("operator"), f"{field} cannot be compared by {operator}", remedy)
    value, end = _value(expr, head.end())
    if field in NUMBERS and not _is_number(value):
        _refuse(expr, head.end(), f"{value!r} is no number", "write it like 400 or 0.25")
    if field == "is" and value not in ELEMENT:
        _refuse(expr, head.end(), f"{value!r} is nothing an element can be", nearest(value, ELEMENT))
    return Clause(field, operator, value), end


def _is_number(text: str) -> bool:
    with suppress(ValueError):
        return abs(float(text)) < float("inf")
    return False


def _value(expr: str, at: int) -> tuple[str, int]:
    if quoted := _QUOTED.match(expr, at):
        return re.sub(r"\\(.)", r"\1", quoted["text"], flags=re.DOTALL), quoted.end()
    if expr[at : at + 1] in {'"', "'"}:
        _refuse(expr, at, "this quotation mark is never closed", "close it; inner ones take a backslash")
    joint = _JOINT.search(expr, at)
    end = joint.start() if joint else len(expr)
    value = expr[at:end].strip()
    if not value:
        _refuse(expr, at, "a value is expected here")
    return value, end


def _written(value: str) -> str:
    """The value, in quotes where it would otherwise be read differently."""
    plain = value == value.strip() and value[:1] not in {"", '"', "'"} and not _JOINT.search(" " + value)
    return value if plain else '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


def _hint(at: int) -> str:
    return _REMEDY if at == 0 else f"{_REMEDY}; a value that holds the word needs quotation marks"


def _refuse(expr: str, at: int, what: str, remedy: str = _REMEDY) -> NoReturn:
    place = len(expr) - len(expr[at:].lstrip()) + 1
    raise UsageError("goal.syntax", f"{what} (character {place} of the goal {expr!r})", remedy=remedy)
