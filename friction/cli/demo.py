"""`friction demo`: the report on the samples that are shipped, on the screen and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

from friction.cli import options as opt
from friction.cli.analysis import Form, Outputs, reported
from friction.cli.speech import speaking
from friction.cli.voice import Voice
from friction.cli.work import checked
from friction.errors import FrictionError, InternalError

DEMO = """\b
friction demo
friction demo --lang fr -o report.html

Analyse the shipped samples: sessions of a made-up shop with planted frictions, and recordings of visits to it.

Without -o the report is also written into this folder, as friction-demo.html.
"""
FILE = Path("friction-demo.html")
SAMPLES = ("shop/events.parquet", "recorded/recordings")
GOAL = "event=purchase"


def demo(
    output: Outputs = [],  # noqa: B006 - typer copies it
    form: Form = "table",
    top: opt.Top = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
) -> int:
    """The same as `analyze`; a configuration in the working folder is meant for other data and not read."""
    from friction.config import Settings

    chosen = {"analysis": {"top": top} if top else {}, "goals": {"purchase": {"when": GOAL}}}
    voice = Voice(quiet, verbose)
    files = output or _file_of_its_own(voice, form)
    here = Path.cwd()
    with chdir(sites()):
        # The same bytes wherever friction is installed: the report calls files as they are called from here.
        places = [here / path for path in files]
        code = reported(SAMPLES, places, form, Settings.model_validate(chosen), voice, None)
    for path in files:
        voice.remark(speaking().text("friction: the report is in {file}", file=path))
    return code


def sites() -> Path:
    """The folder of both samples: inside the package, or in `fixtures` of a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "demo", package.parent / "fixtures" / "sites"):
        if all((folder / sample).exists() for sample in SAMPLES):
            return folder
    remedy = "install friction again"
    raise InternalError("internal.no_sample", "the sample is missing from this installation", remedy=remedy)


def _file_of_its_own(voice: Voice, form: Form) -> Sequence[Path]:
    """Where the report goes when nobody said where; nowhere for a program that reads it from stdout."""
    if form != "table":
        return []
    try:
        return [checked(FILE, (FILE.suffix,))]
    except FrictionError:
        voice.remark(
            speaking().text(
                "friction: {file} cannot be written in this folder; -o FILE puts it elsewhere", file=FILE
            )
        )
        return []
