"""`python -m friction.testing.exports --out fixtures/sources`: write the look-alikes of every source."""

from __future__ import annotations

import argparse
from pathlib import Path

from friction.testing.exports import EXPORTS, VISITS, made


def main() -> None:
    """Write the files of one source or of all."""
    parser = argparse.ArgumentParser(description="Look-alikes of the exports of other tools.")
    parser.add_argument("--source", choices=sorted(EXPORTS), action="append")
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    for name in asked.source or EXPORTS:
        folder = asked.out / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in made(name, asked.visits).items():
            (folder / file).write_bytes(content)


if __name__ == "__main__":
    main()
