"""Hotjar surveys: the answers, one row a response, with the page each was given on.

Exports   The responses of a survey as CSV, also in the archive in which they come, as XLSX, or as the API gives them.
Gives     Every question with its score or words, the page it was asked on, the visitor by Hotjar's id, and who it was
          where user attributes hold an id of the site or an e-mail address, which becomes a keyed hash.
Misses    The session, but for the recording where the answer names one. Times carry no zone, unless the header names
          it. Other attributes of the visitor are not kept.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from friction.sources.base import InputFile
from friction.sources.fields import Fields
from friction.sources.hotjar import recording
from friction.sources.posthog_texts import each
from friction.sources.seen import SURE, seen
from friction.sources.spoken import said
from friction.sources.voices import Form, VoiceSource, bare
from friction.values import dataclass

SUBMITTED = ("datesubmitted", "datesubmittedutc", "createdtime")


@dataclass(frozen=True, kw_only=True)
class HotjarSurvey(VoiceSource):
    """Answers to surveys of Hotjar."""

    name: ClassVar[str] = "hotjar_survey"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "feedback",
            (("hotjaruserid",), SUBMITTED),
            {
                "id": ("number", "id"),
                "start": SUBMITTED,
                "visitor": ("hotjaruserid",),
                "user": ("userid", "externalid", "customerid"),
                "url": ("sourceurl", "responseoriginurl"),
                "recording": ("recordingurl",),
                "device": ("device",),
                "country": ("country",),
                "question": ("question",),
                "score": ("score",),
            },
            is_wide=True,
        ),
    )

    def sniff(self, file: InputFile) -> float:
        """Sure by Hotjar's id of the visitor and the time of the answer; lists of recordings have other names."""
        looked = seen(file)
        names = frozenset(map(bare, (*looked.names, *(key for one in looked.records for key in one))))
        return SURE if self.forms[0].fits(names) and "actioncount" not in names else 0.0

    def columns(self, known: Fields) -> dict[str, pl.Expr]:
        """The session of a recording is called like in Hotjar's list."""
        return {"session_id": each(said("recording"), recording)} if known.knows("recording") else {}
