"""Typeform: the responses to a form, one row each.

Exports   The results as CSV or XLSX.
Gives     Every question with its score or words, and what hidden fields hold: session, visitor, user, e-mail address
          (which becomes a keyed hash) and page.
Misses    All of these where the form has no such hidden fields. Answers in single short words are not kept.
"""

from __future__ import annotations

from typing import ClassVar

from friction.sources.voices import Form, VoiceSource
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class Typeform(VoiceSource):
    """Responses to forms of Typeform."""

    name: ClassVar[str] = "typeform"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "feedback",
            (("submitdateutc",), ("startdateutc", "networkid", "responsetype")),
            {"id": ("responseid", "token"), "start": ("submitdateutc", "startdateutc"), "tags": ("tags",)},
            is_wide=True,
        ),
    )
