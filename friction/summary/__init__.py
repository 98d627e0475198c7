"""From tables to the report: points with their cost, facts and evidence, in the order of what they cost."""

from friction.summary.build import Analysis, build

__all__ = ["Analysis", "build"]
