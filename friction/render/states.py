"""How many points are in a state, in words."""

from __future__ import annotations

from friction.i18n import Language


def in_state(state: str, n: int, speak: Language) -> str:  # noqa: PLR0911 - one line a state
    """`2 new`; each state with its own plural, for the words agree in number in some languages."""
    match state:
        case "new":
            return speak.plural("{n} new", "{n} new", n)
        case "regressed":
            return speak.plural("{n} back again", "{n} back again", n)
        case "worse":
            return speak.plural("{n} worse", "{n} worse", n)
        case "better":
            return speak.plural("{n} better", "{n} better", n)
        case "fixed":
            return speak.plural("{n} fixed", "{n} fixed", n)
        case "gone":
            return speak.plural("{n} gone", "{n} gone", n)
        case "unchanged":
            return speak.plural("{n} unchanged", "{n} unchanged", n)
        case _:
            return speak.plural("{n} with too little data", "{n} with too little data", n)
