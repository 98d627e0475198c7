"""`python -m friction.child.ahead ROOM`: a child that loads the engines while the door still reads what it is asked
(`friction.cli.early`). `ROOM` is the module of `friction.scan` in which it will work.
"""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module

from friction.child.run import end, main

ALSO = {"writing": ("friction.export",), "looking": ("friction.inspection",)}
"""What rooms import only when they need it, which is nearly always."""


def load(room: str = "analysing") -> None:
    """All that is imported on the way."""
    for name in ("friction.child.commands", f"friction.scan.{room}", *ALSO.get(room, ())):
        import_module(name)


if __name__ == "__main__":
    end(main(beforehand=partial(load, *sys.argv[1:])))
