"""How a file is sent, for the description."""

from __future__ import annotations

from typing import Any

_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _form(*more: str) -> dict[str, Any]:
    properties = {"file": _BINARY["schema"], **{name: {"type": "string"} for name in more}}
    return {"schema": {"type": "object", "required": ["file"], "properties": properties}}


FILE = {"required": True, "content": {"multipart/form-data": _form(), "application/octet-stream": _BINARY}}
FILE_AND_OPTIONS = {
    "required": True,
    "content": {"multipart/form-data": _form("options"), "application/octet-stream": _BINARY},
}
