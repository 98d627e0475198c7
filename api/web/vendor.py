"""What browsers need and others have written: fetched from npm when the package is built, never at run time.

    python -m api.web.vendor

Each package is pinned and its SHA-256 checked; the files lie in `vendor/`, which git ignores and the wheel packs.
Pages work without them and say so.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "vendor"
MAPS = (b"//# sourceMappingURL=", b"/*# sourceMappingURL=")


@dataclass(frozen=True)
class Package:
    """A package of the npm registry with the SHA-256 of the whole; `files`: name here → path in it."""

    name: str
    version: str
    sha256: str
    files: Mapping[str, str]


PACKAGES = (
    Package(
        "htmx.org",
        "4.0.1",
        "5fba65616ca148a86d377e9771bcada7f35faee3558651feb929eea425e13b3c",
        {"htmx.min.js": "dist/htmx.min.js", "htmx.LICENSE.txt": "LICENSE"},
    ),
    Package(
        "tus-js-client",
        "4.3.1",
        "919f46808b2c689be9214df5c0f21879bee4a4599b34e212ada8f14de1db9bc0",
        {"tus.min.js": "dist/tus.min.js", "tus.LICENSE.txt": "LICENSE"},
    ),
    Package(
        "rrweb",
        "2.2.2",
        "b0323a64e2134bac743ac183a00497949ef15c443590eabfadb2445fb65e67a8",
        {"rrweb.min.js": "umd/rrweb.min.js", "rrweb.css": "dist/style.min.css"},
    ),
)


def is_complete() -> bool:
    """Whether every file is there, of the pinned versions."""
    mark = FOLDER / "versions.txt"
    return mark.is_file() and mark.read_text() == _versions()


def fetch(folder: Path = FOLDER) -> None:
    """Fetch what is missing. Raises `RuntimeError` that says what is in the way."""
    if folder == FOLDER and is_complete():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("npm is missing, which fetches the scripts of the pages")
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for package in PACKAGES:
            _unpack(package, _packed(package, npm, Path(place)), folder)
    (folder / "versions.txt").write_text(_versions())


def _versions() -> str:
    """What the files were made of, and how: another way of unpacking is another number."""
    return "unpacked 3\n" + "".join(f"{each.name} {each.version} {each.sha256}\n" for each in PACKAGES)


def _packed(package: Package, npm: str, place: Path) -> Path:
    wanted = f"{package.name}@{package.version}"
    run = subprocess.run([npm, "pack", "--silent", wanted], cwd=place, capture_output=True, check=False)
    path = place / f"{package.name}-{package.version}.tgz"
    if run.returncode or not path.is_file():
        raise RuntimeError(f"npm could not fetch {wanted}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != package.sha256:
        raise RuntimeError(f"{wanted} is not the package this was written for")
    return path


def _unpack(package: Package, path: Path, folder: Path) -> None:
    with tarfile.open(path) as archive:
        for name, inside in package.files.items():
            member = archive.extractfile(f"package/{inside}")
            assert member is not None
            content = member.read()
            # The maps that the last line points to are not served; elsewhere such words are part of a program.
            before, _, last = content.rstrip().rpartition(b"\n")
            (folder / name).write_bytes(before + b"\n" if last.startswith(MAPS) else content)


if __name__ == "__main__":
    try:
        fetch()
    except RuntimeError as fault:
        print(f"{fault}: the pages work, but without their script", file=sys.stderr)
