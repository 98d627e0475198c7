"""The order of the report: by expected loss, shrunk for uncertainty; ties by id, so that it is always the same."""

from __future__ import annotations

import math
from collections.abc import Sequence

from friction.report import Confidence

SCORE_SCALE = 0.02
"""A loss of this share of all conversions scores 63 of 100 (`contract.md` §4)."""
CLEAR_SESSIONS, FALSE_DISCOVERIES = 100, 0.10


def score(estimate: float, base: float, *, has_goal: bool) -> float:
    """0–100, absolute and so comparable from night to night: 1 % lost is 39, 5 % is 92.

    `base`: conversions that did happen, or, without a goal, all sessions.
    """
    loss = max(estimate, 0.0)
    whole = base + loss if has_goal else base
    return 100 * (1 - math.exp(-(loss / whole) / SCORE_SCALE)) if whole else 0.0


def q_values(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini–Hochberg: the share of false discoveries among everything at least this clear."""
    tested = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    q: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank in range(len(tested), 0, -1):
        p, index = tested[rank - 1]
        smallest = min(smallest, p * len(tested) / rank)
        q[index] = smallest
    return q


def confidence(q: float | None, low: float | None, sessions: int) -> Confidence:
    """How sure a loss is: high, medium or low (`contract.md` §4)."""
    clear = q is not None and q <= FALSE_DISCOVERIES
    if clear and sessions >= CLEAR_SESSIONS:
        return "high"
    return "medium" if clear or (low is not None and low > 0) else "low"
