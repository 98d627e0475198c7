"""friction for programs and notebooks.

    import friction

    report = friction.analyze("events.csv", goal="event=purchase")
    report.points                     # all friction points as a Polars frame
    report.save("report.html")

`data` are paths (files, folders, patterns, archives) and frames of Polars, pandas or Arrow, one or several.

What the command line reads from around itself, a program says: `friction.toml` counts only as `config=`, and
`FRICTION_…` variables not at all, so a call gives the same result wherever it runs. The work is done in this process,
without bounds on its memory and time; `isolate=True` does it in one of its own, as the command line always does.
"""

from friction.library.calls import analyze, convert, detect, inspect, load, read
from friction.library.report import Changes, Report, Top

__all__ = ["Changes", "Report", "Top", "analyze", "convert", "detect", "inspect", "load", "read"]
