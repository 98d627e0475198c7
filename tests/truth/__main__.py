"""`make truth`: what is said of made-up shops against what is true of them, through the command line."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from tests.truth import costs, doubly, dropoffs
from tests.truth.labelled import __main__ as labelled

missed = costs.main([])
print("\ndrop-off changes")
dropoffs.main()
missed += labelled.main(4_000)
if find_spec("doubleml"):
    print()
    missed += doubly.main()
sys.exit(missed)
