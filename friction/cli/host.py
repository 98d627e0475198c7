"""`friction doctor`: this machine."""

from __future__ import annotations

from friction.cli import options as opt
from friction.cli.speech import speaking
from friction.cli.voice import Voice, say, show
from friction.errors import EXIT_DONE, EXIT_GATE

DOCTOR = """\b
friction doctor
friction doctor --format json

Say whether everything is there that friction needs. Ends with 1 when something is missing.
"""


def doctor(form: opt.Form = "table", verbose: opt.Verbose = False) -> int:
    """Check, print, and let the exit code say whether all is well."""
    from friction.cli.work import answer
    from friction.doctor import examine
    from friction.render import json
    from friction.render.answers import checks as rendered

    checks = examine(lambda: answer("environment", Voice(quiet=True, verbose=verbose)))
    if form == "json":
        say(json.dumps({"ready": all(check.verdict != "bad" for check in checks), "checks": checks}))
    else:
        show(rendered([(check.verdict, check.name, check.detail) for check in checks], speaking()))
    return EXIT_GATE if any(check.verdict == "bad" for check in checks) else EXIT_DONE
