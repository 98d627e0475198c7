"""What commands there are and where each is at home: the page of all commands is written without loading any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from friction.i18n.language import N_

HELP = """\b
friction demo
friction analyze events.csv --goal event=purchase -o report.json
friction inspect export.json

Finds where visitors struggle on a website or app, and ranks each place by what it costs.
"""
VERSION = N_("Print the version.")
LANGUAGE = N_("Language of what people read; else the one of the system.")


class Command(NamedTuple):
    """One line of the list: what it is for, and where in `friction.cli` it stands."""

    short: str
    module: str
    function: str = ""
    """Its name there; empty: as it is typed."""
    long: str = "HELP"
    """What its help is called there."""
    hidden: bool = False


COMMANDS = {
    "analyze": Command(N_("The ranked friction points of an input."), "analysis"),
    "analyse": Command(N_("The same as analyze."), "analysis", "analyze", hidden=True),
    "demo": Command(N_("Analyse the shipped sample shop."), "demo", long="DEMO"),
    "inspect": Command(N_("What a file is and how it would be read."), "tables", long="INSPECT"),
    "init": Command(N_("A commented friction.toml, proposed from an input."), "begin", long="INIT"),
    "convert": Command(N_("Write the event table."), "tables", long="CONVERT"),
    "detect": Command(N_("Write raw findings, one row an occurrence."), "tables", long="DETECT"),
    "explain": Command(N_("Why a friction point has its rank."), "reports", long="EXPLAIN"),
    "render": Command(N_("A report in another form: page, Markdown, CSV, text."), "reports", long="RENDER"),
    "compare": Command(N_("What changed: two reports, periods or variants."), "comparison"),
    "changes": Command(N_("When one series changed."), "series", long="CHANGES"),
    "scan": Command(N_("What is new or worse since the last night."), "nightly", long="SCAN"),
    "points": Command(
        N_("What nightly scans know of each point, mute it, say whose it is."), "points", long="POINTS"
    ),
    "annotate": Command(N_("Note a release, or what changed about one."), "annotate", long="ANNOTATE"),
    "journey": Command(N_("The customer journey: stages, channels, personas, the map."), "journey"),
    "completion": Command(N_("Completion for bash, zsh, fish and PowerShell."), "completion"),
    "schema": Command(N_("JSON Schemas of what goes in and comes out."), "catalogue", long="SCHEMA"),
    "serve": Command(N_("The service on this machine."), "service", long="SERVE"),
    "worker": Command(N_("One more worker of a service."), "service", long="WORKER"),
    "backup": Command(N_("Everything a service keeps, as one file."), "keeping", long="BACKUP"),
    "restore": Command(N_("A backup brought back."), "keeping", long="RESTORE"),
    "doctor": Command(N_("Whether this machine is ready."), "host", long="DOCTOR"),
    "detectors": Command(N_("What can be found, and by which rule."), "catalogue", "detectors"),
    "sources": Command(N_("Which exports can be read."), "catalogue", "sources"),
    "keys": Command(N_("Keys of a service: who may come in."), "access", "keys"),
    "projects": Command(N_("Projects of a service: who sees what."), "access", "projects"),
}
"""In the order of the help."""
GROUPS = ("detectors", "sources", "keys", "projects")
"""Those that have commands of their own."""


def below(word: str, function: Callable[..., int], help_: str) -> tuple[str, Callable[..., int], str, str]:
    """A command of a group: its help, and in the list the first paragraph of that after the examples."""
    return word, function, help_, " ".join(help_.split("\n\n")[1].split())


def asked_for(words: Sequence[str]) -> str | None:
    """The command that these words of a command line name; null where they name none that there is."""
    rest = iter(words)
    for word in rest:
        if word == "--lang":
            next(rest, None)
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def asks_for_help(words: Sequence[str]) -> bool:
    """Whether these words ask for the page of all commands and for nothing else but a language."""
    plain = [word for word in words if not word.startswith("--lang=")]
    if "--lang" in plain:
        at = plain.index("--lang")
        del plain[at : at + 2]
    return len(plain) == 1 and plain[0] in {"-h", "--help"}
