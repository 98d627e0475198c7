"""`make nights`: sixty nights of a made-up shop, and whether exactly what was planted in them was told."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from friction.nightly.days import between
from tests.nightly.sixty import CALENDAR, FIRST_NIGHT, LAST_NIGHT, judged, lived


def main() -> int:
    """Print the calendar; 1 when something planted was not told once, or more than one message was false."""
    with tempfile.TemporaryDirectory(prefix="friction-nights-") as folder:
        said = lived(Path(folder) / "shop", list(between(FIRST_NIGHT, LAST_NIGHT)))
    print("planted:")
    for planted in CALENDAR:
        print(f"  {planted.first}  {planted.kind}")
    print("told:")
    for night, kind, title in said:
        print(f"  {night}  {kind:14}  {title}")
    missed, false = judged(said)
    for each in missed:
        print(f"MISSED {each}")
    for night, kind, title in false:
        print(f"FALSE {night} {kind} {title}")
    return 1 if missed or len(false) > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
