"""`python -m friction.fetch`."""

from __future__ import annotations

import sys

from friction.child.run import Commands, main


def _fetching() -> Commands:
    from friction.fetch.commands import COMMANDS

    return COMMANDS


sys.exit(main(_fetching, may_have_network=True))
