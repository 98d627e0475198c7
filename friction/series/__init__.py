"""Rates over time: when the exits of a page, or of a funnel step, left their ordinary range."""

from friction.series.changes import MARGIN, Z_ALARM, Change, Series, find_changes

__all__ = ["MARGIN", "Z_ALARM", "Change", "Series", "find_changes"]
