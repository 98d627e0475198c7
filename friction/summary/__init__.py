"""From tables to the report: points with their cost, facts and evidence, in the order of what they cost."""

from friction.summary.analysis import Analysis
from friction.summary.build import build

__all__ = ["Analysis", "build"]
