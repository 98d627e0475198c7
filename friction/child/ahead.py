"""`python -m friction.child.ahead`: a child that loads the engines while the door still reads what it is asked
(`friction.cli.early`)."""

from __future__ import annotations

from importlib import import_module

from friction.child.run import end, main

LOADED = ("friction.child.commands", "friction.scan.analysing")
"""What every analysis imports on its way."""


def load() -> None:
    """All of it."""
    for name in LOADED:
        import_module(name)


if __name__ == "__main__":
    end(main(beforehand=load))
