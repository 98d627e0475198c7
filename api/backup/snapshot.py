"""The files of the data folder as they are at one moment, under second names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from friction.lake.manifest import NAME, Manifest

from ..folder import DataFolder

PREFIX = ".backup-"
SECRET = "secret.key"
TRIES = 50
"""How often a data set may be committed anew while its files are named."""


@contextmanager
def taken(
    folder: DataFolder, reports: Collection[str], uploads: Collection[str], *, with_secret: bool
) -> Iterator[Path]:
    """A folder with the files of these reports and uploads, all data sets and the secret; gone with the block.

    Snapshots that a killed backup left go first.
    """
    for left in folder.root.glob(f"{PREFIX}*"):
        if not _is_running(left.name.removeprefix(PREFIX)):
            shutil.rmtree(left, ignore_errors=True)
    own = folder.root / f"{PREFIX}{os.getpid()}"
    own.mkdir(mode=0o700)
    try:
        for report in reports:
            _link_tree(folder.reports / report, own / "reports" / report)
        for upload in uploads:
            _link(folder.upload(upload), own / "spool" / upload)
        for manifest in sorted(folder.lake.glob(f"*/*/{NAME}")):
            _dataset(manifest.parent, own / "lake" / manifest.parent.relative_to(folder.lake))
        if with_secret:
            _link(folder.root / SECRET, own / SECRET)
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _dataset(source: Path, target: Path) -> None:
    """As one commit left it: where files went while they were named, a later commit is taken in its place."""
    for _ in range(TRIES):
        shutil.rmtree(target, ignore_errors=True)
        content = (source / NAME).read_bytes() if (source / NAME).exists() else None
        manifest = Manifest.of(source)
        if content is None or manifest is None:
            return
        try:
            for name in manifest.files:
                _link(source / name, target / name, needed=True)
        except FileNotFoundError:
            continue
        _link_tree(source / "recordings", target / "recordings")
        if (source / NAME).exists() and (source / NAME).read_bytes() == content:
            target.mkdir(parents=True, exist_ok=True)
            (target / NAME).write_bytes(content)
            return
    raise OSError(f"{source} is committed faster than it can be read")


def _link_tree(source: Path, target: Path) -> None:
    for place, _, names in os.walk(source):
        for name in names:
            if not name.startswith("."):  # what is being written has its name later
                _link(Path(place, name), target / Path(place, name).relative_to(source))


def _link(source: Path, target: Path, *, needed: bool = False) -> None:
    """A second name for the file, or a copy where the disk has no such thing. What has gone meanwhile is not there."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(*(() if needed else (FileNotFoundError,))):
        try:
            os.link(source, target)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(source, target)


def _is_running(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OSError):
        return True
    return True
