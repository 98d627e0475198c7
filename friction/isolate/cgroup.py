"""A hard wall around the memory of one child, where the system lets us put one up (cgroup v2).

It needs a group of ours or its parent that hands the memory controller down and that we may write to: root in a
container, or a systemd session with delegation. Elsewhere `enclosed` gives null and `watch` alone keeps the ceiling.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from friction.values import dataclass

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


@dataclass(frozen=True)
class Cell:
    """The group of one child."""

    folder: Path

    def overflowed(self) -> bool:
        """Whether the kernel ended something in here because the memory was not enough."""
        with suppress(OSError, ValueError):
            events = dict(line.split() for line in (self.folder / "memory.events").read_text().splitlines())
            return int(events.get("oom_kill", 0)) > 0
        return False

    def close(self) -> None:
        """Remove the group; its processes have ended."""
        with suppress(OSError):
            self.folder.rmdir()


def enclosed(pid: int, ceiling: int, root: Path = ROOT, membership: Path = MEMBERSHIP) -> Cell | None:
    """Put `pid` into a group that holds at most `ceiling` bytes; null where that is not allowed."""
    for parent in _parents(root, membership):
        cell = Cell(parent / f"friction-{pid}")
        try:
            cell.folder.mkdir()
            _write(cell.folder / "memory.max", str(ceiling))
            with suppress(OSError):  # no swap here; older kernels
                _write(cell.folder / "memory.swap.max", "0")
                _write(cell.folder / "memory.oom.group", "1")
            _write(cell.folder / "cgroup.procs", str(pid))
        except OSError:
            cell.close()
            continue
        return cell
    return None


def _parents(root: Path, membership: Path) -> list[Path]:
    """Groups that could hold ours: our own, and the one above it."""
    if not (root / "cgroup.controllers").exists():
        return []
    with suppress(OSError, StopIteration):
        lines = membership.read_text(encoding="utf-8").splitlines()
        path = next(line[3:] for line in lines if line.startswith("0::"))
        own = root / path.strip("/")
        return [group for group in dict.fromkeys((own, own.parent)) if _hands_down(group)]
    return []


def _hands_down(group: Path) -> bool:
    with suppress(OSError):
        return "memory" in (group / "cgroup.subtree_control").read_text(encoding="ascii").split()
    return False


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="ascii")
