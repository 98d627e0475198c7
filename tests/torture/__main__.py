"""`python -m tests.torture`: the process that judges files, one line asked, one line answered."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from tests.torture.judge import judged

ADDRESSES = 8 << 30
"""Bytes of address space: what asks for more than this fails here as it would under a ceiling."""


def main() -> None:
    """Answer until nobody asks any more. What libraries print must not reach the answers."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        found = judged(Path(asked["path"]), asked["name"], whole=asked["whole"])
        print(json.dumps(found), file=answers, flush=True)


main()
