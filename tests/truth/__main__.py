"""`make truth`: what is said of made-up shops against what is true of them, through the command line."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from tests.truth import costs, doubly, dropoffs

missed = costs.main([])
print("\ndrop-off changes")
dropoffs.main()
if find_spec("doubleml"):
    print()
    missed += doubly.main()
sys.exit(missed)
