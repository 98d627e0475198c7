"""The limits this process puts on itself before it touches data, and the network it gives up.

What they are is said by the plan (`friction.isolate.bounds`). They can only be lowered, so nothing that runs later
in here can take them back. Where a system does not know one of them, the others still hold.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

NEW_USER, NEW_NET = 0x10000000, 0x40000000
SMALL_FILE = 1 << 24
"""Bytes no module's byte code comes near to."""
GRACE_S = 5
"""Processor seconds between the signal that ends the process by name and the one that just ends it."""


def apply(bounds: Mapping[str, Any], *, network: bool = False) -> None:
    """Lower all limits and leave the network, unless `network` is to be kept; must come before the first thread, for a
    process with threads cannot leave its network.
    """
    if not network:
        leave_network()
    with suppress(ImportError):
        import resource

        _lower(resource.RLIMIT_CORE, 0)
        # An interpreter that may not finish the byte code of a module leaves half of it, which no later one survives.
        sys.dont_write_bytecode |= (bounds.get("file") or SMALL_FILE) < SMALL_FILE
        _lower(resource.RLIMIT_FSIZE, bounds.get("file"))
        _lower(resource.RLIMIT_CPU, bounds.get("cpu_s"), GRACE_S)
        _lower(resource.RLIMIT_AS, bounds.get("address"))


def leave_network() -> bool:
    """Move into a network name space of our own, which has no way out; false where the kernel does not allow it."""
    user, group = os.getuid(), os.getgid()
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(NEW_NET) == 0:
            return True
        # Without root it takes a user name space as well, in which we stay who we are.
        if libc.unshare(NEW_USER | NEW_NET) == 0:
            _keep_identity(user, group)
            return True
    return False


def _keep_identity(user: int, group: int) -> None:
    own = Path("/proc/self")
    with suppress(OSError):
        (own / "setgroups").write_text("deny")
        (own / "uid_map").write_text(f"{user} {user} 1")
        (own / "gid_map").write_text(f"{group} {group} 1")


def _lower(which: int, value: int | None, grace: int = 0) -> None:
    import resource

    if value is None:
        return
    _, most = resource.getrlimit(which)
    if most != resource.RLIM_INFINITY:
        value, grace = min(value, most), 0
    with suppress(OSError, ValueError):
        resource.setrlimit(which, (value, value + grace))
