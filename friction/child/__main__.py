"""`python -m friction.child`."""

from __future__ import annotations

import sys

from friction.child.run import main

sys.exit(main())
