"""Style sheets, scripts and pictures, under one address for all that changes with any of them.

    /static/DIGEST/name     ours, from `static/` and the style sheets of the written report
    /static/DIGEST/vendor/  fetched when the package is built (`vendor`)

One digest for all lets modules import one another by relative names, and lets browsers keep everything for good.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

from friction.render.html.page import TEMPLATES as REPORT

from ..errors import missing

router = APIRouter(include_in_schema=False)

STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).parent / "vendor"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOREVER = "public, max-age=31536000, immutable"


@cache
def files() -> dict[str, bytes]:
    """Name → content of everything that is served."""
    found = {path.name: path for path in (*REPORT.glob("*.css"), *STATIC.iterdir())}
    found |= {f"vendor/{path.name}": path for path in VENDOR.glob("*")} if VENDOR.is_dir() else {}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if path.suffix in KINDS}


@cache
def digest() -> str:
    """Of all files together."""
    sums = hashlib.sha256()
    for name, content in files().items():
        sums.update(f"{name} {len(content)} ".encode() + content)
    return sums.hexdigest()[:16]


def asset(name: str) -> str:
    """The address of a file; empty where it is not there (what was not fetched)."""
    return f"/static/{digest()}/{name}" if name in files() else ""


@router.get("/static/{version}/{name:path}")
def show(version: str, name: str) -> Response:
    """One file; an old address answers with the present content, but not for good."""
    content = files().get(name)
    if content is None:
        raise missing("file")
    keep = FOREVER if version == digest() else "no-cache"
    return Response(content, media_type=KINDS[Path(name).suffix], headers={"Cache-Control": keep})
