"""Part of building the wheel: the scripts of the pages are fetched, where they are not there yet (`api.web.vendor`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Fetch(BuildHookInterface):  # type: ignore[type-arg]
    """Fetch before files are collected; an editable install needs nothing of it."""

    def initialize(self, version: str, _: dict[str, Any]) -> None:
        """Fetch, or say why not: the pages work without."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "api" / "web"))
        import vendor

        try:
            vendor.fetch()
        except RuntimeError as fault:
            self.app.display_warning(f"{fault}: the pages work, but without their script")
