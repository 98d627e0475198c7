"""What one child may use: from the limits in force to figures for the door and for the child itself.

The ceiling of memory is kept from outside (`watch`, `cgroup`). The limit on address space is only for the case that
this side is slow: engines reserve far more than they use, and below 1.5 GB ordinary work aborts.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from friction.isolate import memory
from friction.limits import DEFAULT, Limits
from friction.values import dataclass

ADDRESS_TIMES = 3
ADDRESS_LEAST = 4 * 2**30
UNBOUNDED = ("render",)
"""Commands without a limit on address space: the engine that draws figures reserves far more than there is."""


@dataclass(frozen=True)
class Bounds:
    """Bytes and seconds; null: not bounded."""

    memory: int | None
    """Resident bytes of the child and its children."""
    address: int | None
    cpu_s: int
    """Seconds of all threads together."""
    time_s: float
    file: int
    """Bytes of any one file it writes."""

    @classmethod
    def of(cls, plan: Mapping[str, Any], timeout_s: float | None = None) -> Bounds:
        """Of a plan with the settings in force; `timeout_s` can only shorten."""
        limits = plan.get("settings", {}).get("limits", {})
        time_s = min(limits.get("time") or DEFAULT.time, timeout_s or math.inf)
        held = limits.get("memory") or memory.ceiling()
        threads = limits.get("threads") or os.cpu_count() or 1
        return cls(
            memory=held,
            address=_address(plan, held),
            cpu_s=math.ceil(time_s * threads),
            time_s=time_s,
            file=limits.get("output_size") or DEFAULT.output_size,
        )

    def as_dict(self) -> dict[str, Any]:
        """For the plan."""
        return asdict(self)

    def limits(self) -> Limits:
        """The same as limits, for the words of a refusal."""
        return Limits(memory=self.memory, time=self.time_s, output_size=self.file)


def _address(plan: Mapping[str, Any], held: int | None) -> int | None:
    if held is None or plan.get("command") in UNBOUNDED:
        return None
    return max(ADDRESS_LEAST, ADDRESS_TIMES * held) + _input_bytes(plan)


def _input_bytes(plan: Mapping[str, Any]) -> int:
    """Engines map whole files into their address space."""
    return sum(os.path.getsize(path) for path in plan.get("inputs", ()) if os.path.isfile(path))  # noqa: PTH113, PTH202
