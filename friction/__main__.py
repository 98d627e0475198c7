"""`python -m friction` is `friction`."""

from __future__ import annotations

import sys

from friction.cli import main

sys.exit(main())
