"""`python -m tests.fuzz.targets NAME [libFuzzer options]`: one target of the coverage-guided runs.

A target raises nothing but what it says it raises; anything else ends the run with the input that did it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["friction"]):
    from friction.errors import FrictionError
    from friction.limits import Limits
    from friction.privacy.addresses import mask_address
    from friction.privacy.texts import mask_text
    from friction.tables.archives import Damaged, members
    from friction.tables.guess import guess

SMALL = Limits(size=1 << 20, inflated_size=1 << 22, members=50, nesting=3)
CANARY = "qz7canary9wx@example.org"


def dialect(data: bytes) -> None:
    """Any text has some dialect."""
    guess(data.decode("utf-8", "replace"))


def addresses(data: bytes) -> None:
    """Masked twice is masked once, nothing steers a terminal, and no e-mail address gets through."""
    text = data.decode("utf-8", "replace")
    once = mask_address(text)
    assert mask_address(once) == once, (text, once, mask_address(once))
    assert not any(ord(char) < 32 for char in once), once
    assert CANARY not in mask_address(f"https://shop.test/{text}/{CANARY}?mail={CANARY}#{CANARY}"), text


def texts(data: bytes) -> None:
    """Masked twice is masked once, nothing steers a terminal, and no e-mail address gets through."""
    text = data.decode("utf-8", "replace")
    once = mask_text(text)
    assert mask_text(once) == once, (text, once, mask_text(once))
    assert not any(ord(char) < 32 for char in once), once
    assert CANARY not in mask_text(f"{text} {CANARY}"), text


def archives(data: bytes) -> None:
    """Every member is read or refused by name, within the limits."""
    taken = 0
    try:
        for member in members(io.BytesIO(data), SMALL, "upload"):
            for block in member.blocks:
                taken += len(block)
    except (FrictionError, Damaged):
        pass
    assert taken <= SMALL.inflated_size, taken


TARGETS: dict[str, Callable[[bytes], None]] = {
    "dialect": dialect,
    "addresses": addresses,
    "texts": texts,
    "archives": archives,
}


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()
