"""The report as a whole, its bytes and its schema."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from friction.heard import Heard, Identity
from friction.journey_map import Journey
from friction.report.goals import Candidate, Day, Funnel, Goal, PageSeen
from friction.report.inputs import DetectorRun, Input, Privacy, Quality
from friction.report.points import LookAlikes, Point, Rare, Suppressed
from friction.report.series import Series
from friction.tallies import Marks, Tally
from friction.values import dataclass

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA_VERSION = "1"
POINTS = b'\n  "points": ['
"""Where the points of a report begin, as `pieces` lays it out."""


@dataclass(frozen=True)
class Report:
    """The ranked friction points of one analysis, with everything that led to them."""

    input: Input
    goal: Goal | None
    goals: list[Goal]
    candidates: list[Candidate]
    quality: list[Quality]
    detectors: list[DetectorRun]
    points: list[Point]
    rare: Rare
    aside: list[Point]
    suppressed: list[Suppressed]
    """The places with most findings that are not counted, at most 500; all of them are in `look_alikes`."""
    settings: dict[str, Any]
    friction_version: str
    schema_version: str = SCHEMA_VERSION
    funnels: list[Funnel] = field(default_factory=list)
    privacy: Privacy | None = None
    series: list[Series] = field(default_factory=list)
    """Rates over time that were watched, those with a change first; only where spikes of exits are looked for."""
    days: list[Day] = field(default_factory=list)
    """Every day from the first to the last."""
    pages: list[PageSeen] = field(default_factory=list)
    """The pages that most sessions saw, at most 500."""
    look_alikes: LookAlikes | None = None
    """What is not counted in all; null in reports of earlier versions."""
    counted: list[Tally] = field(default_factory=list)
    """What tools counted themselves, in files that hold no events; never part of `points`."""
    marks: list[Marks] = field(default_factory=list)
    """Verdicts of tools on single clicks or sessions, beside our own, with the agreement."""
    heard: Heard | None = None
    """What customers said in surveys and calls for help, and what a customer system knows; null without such files."""
    identity: Identity | None = None
    """How ids of devices, accounts and addresses were put together to people; null where nothing names two."""
    journey: Journey | None = None
    """The customer journey, where it was asked for (`[analysis] journey`)."""

    @property
    def people(self) -> int:
        """Sessions without those of machines, which the input counts as well: what all shares and costs are of."""
        return sum(day.sessions for day in self.days) or self.input.sessions

    @property
    def all_points(self) -> list[Point]:
        """`points`, and those `aside`: after them nearly everyone leaves, so that no cost can be told of them."""
        return [*self.points, *self.aside]

    @property
    def not_counted(self) -> LookAlikes:
        """`look_alikes`, or what is listed where these are not known."""
        if self.look_alikes is not None:
            return self.look_alikes
        reasons: Counter[str] = Counter()
        for each in self.suppressed:
            reasons[each.reason] += each.findings
        return LookAlikes(len(self.suppressed), dict(reasons))

    def to_json(self) -> bytes:
        """Canonical bytes: keys sorted, numbers rounded to six significant digits, a newline at the end."""
        with uncollected():
            return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The bytes of `to_json`, some at a time: where they go to a file, they are never held together."""
        for number, name in enumerate(sorted(vars(self))):
            yield b'%s\n  "%s": ' % (b"," if number else b"{", name.encode())
            yield from _pieces(vars(self)[name])
        yield b"\n}\n"

    @classmethod
    def from_json(cls, data: bytes | str) -> Report:
        """Read a report back; raises `InputError` when it is none, or of a later schema."""
        import orjson
        from pydantic import ValidationError

        from friction.errors import InputError

        try:
            return _point_by_point(data) or reader().validate_python(orjson.loads(data))
        except (ValidationError, orjson.JSONDecodeError):
            remedy = "give the JSON that friction analyze -o report.json writes"
            raise InputError("report.unreadable", "this is not a report of friction", remedy=remedy) from None


def _point_by_point(data: bytes | str) -> Report | None:
    """The report, its points read one after the other: as values of JSON all of them take six times the room of the
    file. Null where it is not laid out as `pieces` does, so that this says nothing of where its points are.

    A string of JSON has no line break: nothing but the layout can look like these marks.
    """
    import orjson

    if isinstance(data, str) or not data.startswith(b'{\n  "'):
        return None
    begin = data.find(POINTS) + len(POINTS)
    end = data.find(b"\n  ]", begin)
    if begin < len(POINTS) or end < 0:
        return None
    try:
        rest = orjson.loads(data[:begin] + data[end:])
        if rest["points"]:
            return None
        found = [_point().validate_python(orjson.loads(each)) for each in _items(data, begin, end)]
    except orjson.JSONDecodeError:
        return None
    return replace(reader().validate_python(rest), points=found)


@contextmanager
def uncollected() -> Iterator[None]:
    """A report is many objects without a cycle among them: while this lasts, Python does not look for any."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _items(data: bytes, begin: int, end: int) -> Iterator[memoryview]:
    """The items of a list that is laid out as `pieces` does, without a copy of it."""
    whole = memoryview(data)
    while begin < end:
        stop = data.find(b",\n    {", begin, end)
        stop = end if stop < 0 else stop
        yield whole[begin:stop]
        begin = stop + 1


@cache
def _point() -> TypeAdapter[Point]:
    from pydantic import TypeAdapter

    return TypeAdapter(Point)


@cache
def reader() -> TypeAdapter[Report]:
    """What reads a report. Made once, for that takes longer than reading a thousand points."""
    from pydantic import TypeAdapter

    return TypeAdapter(Report)


def _pieces(member: Any) -> Iterator[bytes]:
    """A member of a report, a list one item after the other: as values of JSON all of it takes ten times the room."""
    if not isinstance(member, list) or not member:
        yield _canonical(member, b"\n  ")
        return
    for number, item in enumerate(member):
        yield b",\n    " if number else b"[\n    "
        yield _canonical(item, b"\n    ")
    yield b"\n  ]"


def _canonical(value: Any, line: bytes) -> bytes:
    """The bytes of a value, each line beginning like this."""
    import orjson

    plain = rounded(orjson.loads(orjson.dumps(value)))
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).replace(b"\n", line)


def rounded(value: Any) -> Any:
    """This value of JSON, changed in place: floats at six significant digits (`flow.md` §4), not-a-number null.

    Looks at exact types, since a report has many values and what comes from JSON has no others.
    """
    if type(value) is float:
        return _six_digits(value)
    if type(value) not in {dict, list}:
        return value
    for key, item in value.items() if type(value) is dict else enumerate(value):
        kind = type(item)
        if kind is float:
            value[key] = _six_digits(item)
        elif kind is dict or kind is list:
            rounded(item)
    return value


def _six_digits(value: float) -> float | None:
    return float(f"{value:.6g}") + 0.0 if value - value == 0 else None


def json_schema() -> dict[str, Any]:
    """JSON Schema of the report, as `friction schema report` prints it."""
    return reader().json_schema(mode="serialization")
