"""Lines that are wrapped where people would: spaces that must not break do not.

The layout engine takes every kind of space for a place to break. So such spaces travel through it as signs that no
text has (noncharacters of Unicode), and become themselves again when the line is written.
"""

from __future__ import annotations

from rich.text import Text

_GLUE = {"\N{NO-BREAK SPACE}": "\ufdd0", "\N{NARROW NO-BREAK SPACE}": "\ufdd1"}
_GLUED, _LOOSE = str.maketrans(_GLUE), str.maketrans({sign: space for space, sign in _GLUE.items()})


def line(*parts: str | tuple[str, str], style: str = "") -> Text:
    """The parts in a row, each a text or a text with its style."""
    glued = [
        part.translate(_GLUED) if isinstance(part, str) else (part[0].translate(_GLUED), part[1])
        for part in parts
    ]
    return Text.assemble(*glued, style=style)


def loose(text: str) -> str:
    """A piece of the page as it is written."""
    return text.translate(_LOOSE)
