"""Any answer as JSON, the way reports are written: keys as they come, two blanks, a newline at the end."""

from __future__ import annotations

import orjson


def dumps(value: object) -> str:
    """Dataclasses and plain values; not-a-number becomes null."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
