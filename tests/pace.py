"""How fast the processor is at this moment: bounds of time hold for a machine as fast as that of the design."""

from __future__ import annotations

import time

YARD_S = 0.07
"""What `yard` takes where loading scikit-learn takes 1.3 s, the machine of the design (`performance.md` §7)."""


def slower() -> float:
    """How many times slower this processor is now, at least once: neighbours on the same cores can halve what a second
    of it is worth.
    """
    return max(1.0, min(yard() for _ in range(3)) / YARD_S)


def yard() -> float:
    """Seconds of the processor for some work of the interpreter: numbers, texts, a table in memory."""
    began = time.process_time()
    found = {f"{number:x}": number * number for number in range(200_000)}
    sum(found.values())
    return time.process_time() - began
