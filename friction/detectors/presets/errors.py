"""What the tools take for an error: rows of kind `error`, and entries of the console of level error."""

from __future__ import annotations

import numpy as np

from friction.detectors.presets.tape import Tape, Truths


def error_level(name: str | None) -> int:
    """1 for the name of a console entry of level error: `error`, `console.error`."""
    return int(name is not None and name.lower().removeprefix("console.") == "error")


def is_error(tape: Tape) -> Truths:
    """By place. The level of a console entry stands in its name or in `error_kind`."""
    kind = tape.frame["error_kind"].fill_null("").str.to_lowercase().eq("error").to_numpy()
    level = (tape.bits("name_level") > 0) | kind
    return np.asarray(tape.is_a("error") | (tape.is_a("console") & level))
