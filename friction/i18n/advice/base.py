"""What a piece of advice is made of."""

from __future__ import annotations

from typing import Literal

Effort = Literal["small", "medium", "large"]
Advice = tuple[str, Effort, str, str]
"""Code, effort, what to do, how to check it."""
