"""Lines of text by the width that their letters are likely to take."""

from __future__ import annotations

_NARROW, _WIDE = (
    frozenset("fijlrt.,:;'|!()[]I ·’\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"),
    frozenset("mwMWQOG%@—“”"),
)


def wide(text: str, size: float) -> float:
    """About how wide a text is; letters of other scripts are taken as square."""
    return size * sum(
        0.3 if c in _NARROW else 0.86 if c in _WIDE else 1.0 if c > "\u2e80" else 0.55 for c in text
    )


def wrapped(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most this width, broken at blanks, else within a word; no-break spaces hold."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _fitting(paragraph.split(" "), width, size):
            longer = f"{line} {word}" if line else word
            if line and wide(longer, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        if line:
            lines.append(line)
    return lines


def _fitting(words: list[str], width: float, size: float) -> list[str]:
    """The words, those that are too long in pieces."""
    found = []
    for word in words:
        rest = word
        while wide(rest, size) > width and len(rest) > 1:
            at = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or wide(rest[:n], size) <= width)
            found.append(rest[:at])
            rest = rest[at:]
        found.append(rest)
    return found
