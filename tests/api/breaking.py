"""What in a new description of the API would break programs that were written for the old one.

python -m tests.api.breaking      write the description anew (part of `make docs`)
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).parents[2] / "api" / "openapi.json"


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Each in words: routes, parameters, answers and members that are gone, required now, or of another type."""
    return [*_operations(old, new), *_schemas(old, new)]


def _operations(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for path, operations in old["paths"].items():
        for method, before in operations.items():
            name, after = f"{method} {path}", new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{name} is gone"
                continue
            yield from _parameters(name, before, after)
            lost = set(before["responses"]) - set(after["responses"])
            yield from (f"{name}: {status} is gone" for status in sorted(lost))


def _parameters(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    had, has = ({p["name"]: p for p in each.get("parameters", ())} for each in (before, after))
    yield from (f"{name}: {each} is gone" for each in sorted(set(had) - set(has)))
    for each, parameter in sorted(has.items()):
        if parameter.get("required") and not had.get(each, {}).get("required"):
            yield f"{name}: {each} is required now"


def _schemas(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    has = new.get("components", {}).get("schemas", {})
    for name, before in old.get("components", {}).get("schemas", {}).items():
        after = has.get(name)
        if after is None:
            yield f"{name} is gone"
            continue
        for member, kind in before.get("properties", {}).items():
            other = after.get("properties", {}).get(member)
            if other is None:
                yield f"{name}.{member} is gone"
            elif kind.get("type") != other.get("type"):
                yield f"{name}.{member}: {kind.get('type')} became {other.get('type')}"


def main() -> int:
    """Write the description of the service as it is now."""
    from api.app import create_app
    from api.service import Service

    with tempfile.TemporaryDirectory() as folder:
        service = Service.open(Path(folder))
        described = create_app(service).openapi()
        service.queue.close()
        service.store.close()
    WRITTEN.write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
