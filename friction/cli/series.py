"""`friction changes`: where one series changed."""

from __future__ import annotations

import typer

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.cli.work import answer
from friction.errors import EXIT_DONE

CHANGES = """\b
friction changes exits.csv
friction changes load-times.csv --format json

Say when a series changed. The file has a column time and either n (chances) and k (events), which are judged as a
rate by hour, or value, of which straight stretches are sought.
"""
SeriesFile = typer.Argument(metavar="SERIES", help="A table: time and value, or time, n and k.")


def changes(
    series: str = SeriesFile,
    form: opt.Form = "table",
    zone: opt.Zone = None,
    config: opt.Config = None,
    mapping: opt.Mapping = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """Look for changes, print them in order of time."""
    settings = opt.settings(config, mapping, time__zone=zone)
    content = answer("changes", Voice(quiet, verbose), [series], settings)
    if form == "json":
        say(content)
        return EXIT_DONE
    import orjson

    from friction.render.series import series as rendered

    show(rendered(orjson.loads(content), speaking(), settings.time.zone or "UTC"))
    return EXIT_DONE
