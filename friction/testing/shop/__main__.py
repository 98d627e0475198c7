"""Write `events.parquet` and `truth.json` of a shop: `python -m friction.testing.shop --out DIR`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from friction.testing.shop import build
from friction.testing.shop.files import events_bytes, truth_bytes


def main(arguments: Sequence[str] | None = None) -> int:
    """Build a shop and write its two files; what was built is said on stderr."""
    parser = argparse.ArgumentParser(prog="python -m friction.testing.shop", description=__doc__)
    parser.add_argument("--sessions", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=8, help="lives averaged for the truth")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    shop = build(chosen.sessions, chosen.seed, replicas=chosen.replicas)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "events.parquet").write_bytes(events_bytes(shop.events))
    (chosen.out / "truth.json").write_bytes(truth_bytes(shop.truth))
    share = shop.truth["largest_error_share"]
    print(
        f"{shop.events.height} events, {shop.truth['sessions']} sessions, "
        f"{shop.truth['conversions']} purchases; "
        f"largest standard error of a loss: {share:.1%} of the largest loss",
        file=sys.stderr,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
