"""What every test may rely on: UTC, no settings from outside, the same random numbers in every run."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import settings

for name in [name for name in os.environ if name.startswith(("FRICTION_", "LANG", "LC_"))]:
    del os.environ[name]
os.environ["TZ"] = "UTC"
time.tzset()

settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("ci")


@pytest.fixture(autouse=True)
def _same_random_numbers() -> None:
    random.seed(20261122)
