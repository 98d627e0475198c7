"""Shares of counts: their intervals, what they are drawn towards, and how clearly one place differs from the others."""

from __future__ import annotations

import math
from collections.abc import Sequence

Z95 = 1.959964
STRONGEST = 1e6
"""Weight of the common share where places do not differ beyond chance."""
NEGLIGIBLE = 1e-13


def wilson(k: int, n: int) -> tuple[float, float]:
    """95 % interval of the share `k` of `n`, at least one."""
    share, z2 = k / n, Z95**2 / n
    middle, half = share + z2 / 2, Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n))
    return max((middle - half) / (1 + z2), 0.0), min((middle + half) / (1 + z2), 1.0)


def strength(counts: Sequence[tuple[int, int]]) -> float:
    """How many sessions of the common share are mixed into each `(k, n)`: few where places truly differ.

    The moments of a beta distribution of the true shares; 0 for a single place, which has nothing to be drawn to.
    """
    whole = sum(n for _, n in counts)
    mean = sum(k for k, _ in counts) / whole
    if len(counts) < 2 or not 0 < mean < 1:
        return 0.0 if len(counts) < 2 else STRONGEST
    spread = sum(n * (k / n - mean) ** 2 for k, n in counts)
    by_chance = (len(counts) - 1) * mean * (1 - mean)
    among = (spread - by_chance) / (whole - sum(n * n for _, n in counts) / whole)
    return min(max(mean * (1 - mean) / among - 1, 0.0), STRONGEST) if among > 0 else STRONGEST


def p_value(k: int, n: int, all_k: int, all_n: int) -> float:
    """The chance of a difference at least this clear, were the share the same here (`k` of `n`) as elsewhere.

    Exact (hypergeometric), both sides; `all_…` are of all places together.
    """
    if n >= all_n or not 0 < all_k < all_n:
        return 1.0
    rest = all_n - all_k
    up = k * all_n > n * all_k
    term = total = math.exp(_log_choose(all_k, k) + _log_choose(rest, n - k) - _log_choose(all_n, n))
    at = k
    while term > NEGLIGIBLE * total:
        if up:
            term *= (all_k - at) * (n - at) / ((at + 1) * (rest - n + at + 1))
            at += 1
        else:
            term *= at * (rest - n + at) / ((all_k - at + 1) * (n - at + 1))
            at -= 1
        total += term
    return min(2 * total, 1.0)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
