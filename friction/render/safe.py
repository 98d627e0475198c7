"""How texts from the data are written: whatever they hold, they cannot steer what shows them."""

from __future__ import annotations

import unicodedata


def clean(text: str, limit: int = 200) -> str:
    """Text from the data, safe to print: control and direction characters are written out, long texts cut."""
    safe = "".join(
        char if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else ascii(char)[1:-1]
        for char in text[: limit + 1]
    )
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def printable(text: str) -> str:
    """Text with line ends and tabs as it is, all else that steers a terminal written out as JSON would."""
    return "".join(char if char in "\n\t" or not _steers(char) else _escaped(char) for char in text)


def _steers(char: str) -> bool:
    """Control and direction characters, halves of characters, and line ends that are none to most programs."""
    return (
        (char > "~" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"})
        or char < " "
        or char == "\x7f"
    )


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
