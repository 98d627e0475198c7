"""Kinds of visitors by what they do: logs of counts, standardised, k-means.

Counts of behaviour are skewed and overlap; their logs are what k-means can tell apart, raw they are not
(`statistics.md` §3.2). How many kinds: the largest k up to 10 whose clusters come out again from half of the visitors
(adjusted Rand index of the labels 0.9 or more over ten draws), else the steadiest k of three or more. Friction and
conversion are never features: what a persona meets and buys is looked at afterwards.

Same visitors, same personas: they are put into the order of their features first, draws have fixed seeds, and of very
many a fixed share is clustered while all are assigned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from friction.values import dataclass

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

FEATURES = (
    *(
        "views",
        "products",
        "searches",
        "carts",
        "checkouts",
        "help",
        "pace",
        "scroll",
        "sessions",
        "contents",
    ),
)
"""Means a session: page views, views of products, searches, cart, checkout and account or help pages, seconds a page,
depth of scrolling; visits of the visitor; views of content."""
MOST, LEAST = 10, 2
STEADY = 0.9
DRAWS = 10
SMALLEST_SHARE = 0.03
FEWEST = 200
"""Visitors below which no kinds are told apart."""
CLUSTERED, REDRAWN = 40_000, 6_000
"""Visitors that are clustered, and of them those on whom steadiness is tried."""


@dataclass(frozen=True)
class Kinds:
    """`labels` by visitor, largest kind first; `centres` in standard deviations from the mean of all, by kind."""

    labels: Labels
    centres: Floats
    features: tuple[str, ...]
    stability: dict[int, float]
    """By number of kinds: how far half of the visitors give the same kinds."""


def kinds(counts: Floats, features: Sequence[str]) -> Kinds | None:
    """Kinds of visitors from their means a session, visitors × features; null where there are too few to tell."""
    if len(counts) < FEWEST:
        return None
    scaled, used = standardised(counts)
    if not used.any():
        return None
    # The libraries that are to be held to one thread must have been loaded before.
    import sklearn.cluster  # noqa: F401
    from threadpoolctl import threadpool_limits

    names = tuple(name for name, is_used in zip(features, used, strict=True) if is_used)
    order = np.lexsort(scaled.T[::-1])
    some = scaled[order[_spread(len(order), CLUSTERED)]]
    with threadpool_limits(1):
        stability = {k: _stability(some, k) for k in range(LEAST, MOST + 1)}
        for size in _by_preference(stability):
            centres = _centres(some, size, 10)
            labels = assigned(scaled, centres)
            shares = np.bincount(labels, minlength=size) / len(labels)
            if shares.min() >= SMALLEST_SHARE or size == LEAST:
                break
    ranks = np.argsort(-shares, kind="stable")
    places = np.argsort(ranks)
    return Kinds(places[labels], centres[ranks], names, stability)


def standardised(counts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Logs of 1 + counts with mean 0 and deviation 1, and which columns vary at all."""
    logs = np.log1p(np.maximum(counts, 0.0))
    spread = logs.std(axis=0)
    used = spread > 1e-9
    return (logs[:, used] - logs[:, used].mean(axis=0)) / spread[used], used


def assigned(points: Floats, centres: Floats) -> Labels:
    """The nearest centre of each, the first of two that are as near."""
    labels = np.empty(len(points), np.int64)
    lengths = (centres**2).sum(axis=1)
    for start in range(0, len(points), 65_536):
        block = points[start : start + 65_536]
        labels[start : start + len(block)] = np.argmin(lengths - 2 * (block @ centres.T), axis=1)
    return labels


def named(centre: Floats, features: Sequence[str], most: int = 2) -> list[tuple[str, float]]:
    """The features that set a kind apart most, with their distance from the mean of all in standard deviations."""
    strongest = sorted(zip(features, centre.tolist(), strict=True), key=lambda each: (-abs(each[1]), each[0]))
    return strongest[:most]


def agreement(one: Labels, other: Labels) -> float:
    """The adjusted Rand index of two labellings."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(one, other))


def _by_preference(stability: dict[int, float]) -> list[int]:
    steady = sorted((k for k, value in stability.items() if value >= STEADY), reverse=True)
    others = sorted((k for k in stability if k not in steady), key=lambda k: (k < 3, -stability[k], k))
    return [*steady, *others, LEAST]


def _stability(points: Floats, size: int) -> float:
    """How well the kinds found among half of the visitors, by chance, are those found among all, on average."""
    some = points[_spread(len(points), REDRAWN)]
    whole = assigned(some, _centres(some, size, 4))
    draw = np.random.default_rng(size)
    found = []
    for _ in range(DRAWS):
        half = draw.permutation(len(some))[: len(some) // 2]
        found.append(agreement(whole, assigned(some, _centres(some[half], size, 2))))
    return float(np.mean(found))


def _centres(points: Floats, size: int, tries: int) -> Floats:
    from sklearn.cluster import KMeans

    return np.asarray(
        KMeans(size, n_init=tries, max_iter=100, tol=1e-3, random_state=0).fit(points).cluster_centers_
    )


def _spread(length: int, most: int) -> Labels:
    """At most `most` places, evenly over all."""
    if length <= most:
        return np.arange(length)
    return (np.arange(most) * length) // most
