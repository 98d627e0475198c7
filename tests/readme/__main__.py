"""Bring the generated tables of the README up to date: `make docs`."""

from __future__ import annotations

from tests.readme.page import README
from tests.readme.tables import current

README.write_text(current(README.read_text(encoding="utf-8")), encoding="utf-8")
