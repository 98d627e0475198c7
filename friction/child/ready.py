"""`python -m friction.child.ready`: a child that has loaded what an analysis needs before it hears of one
(`friction.isolate.spare`)."""

from __future__ import annotations

from importlib import import_module

from friction.child.run import end, main

LOADED = (
    "friction.child.commands",
    "friction.scan.analysing",
    "friction.scan.looking",
    "friction.scan.writing",
    "friction.beside.write",
    "friction.summary.journey.whole",
    "sklearn.cluster",
    "sklearn.metrics",
)
"""What an analysis with its journey imports on its way."""


def load() -> None:
    """All of it, and the detectors once: their options are read from their types, which takes long."""
    for name in LOADED:
        import_module(name)
    from friction.config import Settings
    from friction.scan.asked import detectors_for

    detectors_for(Settings())


if __name__ == "__main__":
    end(main(beforehand=load))
