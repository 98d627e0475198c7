"""How texts from the data are written: whatever they hold, they cannot steer what shows them."""

from __future__ import annotations

import unicodedata

STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that control what shows them; no text that Python calls printable has any."""


def clean(text: str, limit: int = 200) -> str:
    """Text from the data, safe to print: control and direction characters are written out, long texts cut."""
    safe = text[: limit + 1]
    if not safe.isprintable():  # nearly all are, and need no look at each character
        safe = "".join(ascii(char)[1:-1] if unicodedata.category(char) in STEERING else char for char in safe)
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def printable(text: str) -> str:
    """Text with line ends and tabs as it is, all else that steers a terminal written out as JSON would."""
    if text.isprintable():
        return text
    return "".join(char if char in "\n\t" or not _steers(char) else _escaped(char) for char in text)


def _steers(char: str) -> bool:
    """Control and direction characters, halves of characters, and line ends that are none to most programs."""
    return (char > "~" and unicodedata.category(char) in STEERING) or char < " " or char == "\x7f"


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
