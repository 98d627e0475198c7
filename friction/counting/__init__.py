"""Exports in which the tool has counted already: their tables, and what can be said of them.

A list of sessions (class S) fills `SESSION`, sums by page, element or day (class A) fill `AGGREGATE`; neither becomes
an event. `tallies` turns them into values of the report.
"""

from friction.counting.tables import AGGREGATE, MEASURES, SESSION, Counted, conformed
from friction.counting.tallies import Within, tallies

__all__ = ["AGGREGATE", "MEASURES", "SESSION", "Counted", "Within", "conformed", "tallies"]
