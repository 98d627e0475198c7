"""All limits in one table: what is counted, from where on it is refused, under which setting and code.

A setting `[limits] NAME` overrides a default; `Limits` holds the values in force and travels to whoever counts.
Counting happens while bytes arrive, never after: what is beyond a limit is not read first.

    if size > limits.inflated_size:
        raise limits.refusal("inflated_size", file=name)

Rows and members may be set aside instead of raised; the code is then their reason.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Literal

from friction.errors import LimitError
from friction.values import dataclass

Unit = Literal["bytes", "times", "count", "seconds"]
RATIO_FROM_BYTES = 64 * 10**6
"""Inflated bytes from which a ratio is judged: small files of repeated lines pack very well and hurt nobody."""


@dataclass(frozen=True)
class Limit:
    """One row of the table. `says` is the sentence of the refusal, with the value in force as `{}`."""

    name: str
    unit: Unit
    says: str
    remedy: str

    @property
    def code(self) -> str:
        """The stable code of the error."""
        return f"limit.{self.name}"

    def written(self, value: float) -> str:
        """A value as people write it: `512 MB`, `10,000`, `90 s`."""
        if self.unit == "bytes":
            return _bytes(value)
        return f"{value:,.15g}{' s' if self.unit == 'seconds' else ''}"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The values in force: bytes, counts, seconds; null where the machine decides."""

    size: int = 100 * 10**9
    """Bytes of one input file as it lies there."""
    inflated_size: int = 20 * 10**9
    """Bytes that one compressed input, with all its members, may unpack to."""
    ratio: float = 100.0
    """Unpacked bytes for one packed byte, judged from `RATIO_FROM_BYTES` on."""
    rows: int = 1_000_000_000
    """Records of one file."""
    columns: int = 10_000
    """Columns of one table."""
    line_length: int = 64 * 10**6
    """Bytes of one line of a table or of JSON lines."""
    depth: int = 800
    """Nesting of JSON. Parsers end at 1,000 or so; a page recorded by rrweb takes two levels for each of its own."""
    members: int = 10_000
    """Files in one archive."""
    nesting: int = 3
    """Containers inside one another: a gz in a zip is 2."""
    time: float = 6 * 3600.0
    """Seconds of one analysis."""
    memory: int | None = None
    """Bytes the process that reads the data may hold; null: 80 % of what the machine or its container has."""
    objects: int = 100_000
    """Objects of one place, such as the files below a folder of a bucket."""
    fetched: int = 200 * 10**9
    """Bytes fetched from one place."""
    output_size: int = 100 * 10**9
    """Bytes of any one file that is written, temporary ones included."""

    def refusal(
        self, name: str, *, file: str | None = None, line: int | None = None, column: str | None = None
    ) -> LimitError:
        """The error for going beyond the limit `name`; `line` is physical, from 1."""
        limit = TABLE[name]
        allowed = getattr(self, name)
        value = "there is" if allowed is None else limit.written(allowed)
        return LimitError(
            limit.code,
            limit.says.format(value),
            remedy=f"{limit.remedy}, or raise limits.{name} in friction.toml",
            file=file,
            line=line,
            column=column,
            limit=None if allowed is None else value,
        )


_SMALLER = "export a shorter period"
TABLE: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("size", "bytes", "the file is larger than {}", _SMALLER),
        Limit("inflated_size", "bytes", "the content unpacks to more than {}", _SMALLER),
        Limit(
            "ratio",
            "times",
            "the content is more than {} times as large as its packed form",
            "unpack it yourself if you trust it",
        ),
        Limit("rows", "count", "the file has more than {} records", _SMALLER),
        Limit("columns", "count", "the table has more than {} columns", "export only the columns of events"),
        Limit("line_length", "bytes", "a line is longer than {}", "check how the export ends its lines"),
        Limit("depth", "count", "the JSON is nested deeper than {} levels", "export events as flat records"),
        Limit("members", "count", "the archive holds more than {} files", "unpack it and analyse the folder"),
        Limit(
            "nesting", "count", "archives are packed into one another more than {} times", "unpack it first"
        ),
        Limit("time", "seconds", "this took longer than {} and was ended", "analyse fewer files at a time"),
        Limit(
            "memory",
            "bytes",
            "the analysis needs more memory than {}",
            "analyse a shorter period or fewer files at a time",
        ),
        Limit(
            "objects",
            "count",
            "there are more than {} objects at the place",
            "name a folder or pattern of fewer",
        ),
        Limit("fetched", "bytes", "more than {} would be fetched", "name a folder, pattern or query of less"),
        Limit("output_size", "bytes", "a file to be written would be larger than {}", _SMALLER),
    )
}
"""By name, which is also the setting; the codes follow from it."""

DEFAULT = Limits()
NAMES = tuple(field.name for field in fields(Limits))


def _bytes(value: float) -> str:
    for power, unit in ((12, "TB"), (9, "GB"), (6, "MB"), (3, "kB")):
        if value >= 10**power:
            return f"{value / 10**power:.4g} {unit}"
    return f"{value:g} bytes"
