"""`make truth`: what is said of made-up shops against what is true of them, through the command line."""

from __future__ import annotations

import sys

from tests.truth import costs, dropoffs

missed = costs.main([])
print("\ndrop-off changes")
dropoffs.main()
sys.exit(missed)
