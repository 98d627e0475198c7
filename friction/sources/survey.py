"""Answers to any survey: a table with a time and scores on a scale people know, or with what people wrote.

Exports   CSV, XLSX, JSON of Wootric, SurveyMonkey, Google Forms, a table of one's own …
Gives     Scores (NPS 0 to 10, CSAT, CES, stars), comments, page, and whoever answered by session, visitor, user or
          e-mail address, which becomes a keyed hash.
Misses    What the headers do not say: a scale from 1 to 5 is taken as satisfaction, one from 1 to 7 as effort, unless
          `scale = "stars"` in a mapping names another.
"""

from __future__ import annotations

from typing import ClassVar

from friction.sources.base import InputFile
from friction.sources.seen import seen
from friction.sources.voices import Form, VoiceSource, names_of
from friction.values import dataclass

CREATED = (
    "createdat",
    "submittedat",
    "timestamp",
    "date",
    "datesubmitted",
    "time",
    "respondedat",
    "answeredat",
    "ts",
    "horodateur",
    "horodatage",
)
SCORE = (
    *("nps", "npsscore", "score", "rating", "csat", "csatscore", "ces", "cesscore", "stars", "satisfaction"),
    *("satisfactionscore", "howlikelyareyoutorecommendus", "note"),
)
COMMENT = (
    "comment",
    "comments",
    "feedback",
    "text",
    "verbatim",
    "answer",
    "reason",
    "message",
    "commentaire",
    "commentaires",
)
TELLING = frozenset({"nps", "npsscore", "csat", "csatscore", "ces", "cesscore"})
"""Names that nothing but a survey has."""
ASKED = ("recommend", "recommand", "satisfied", "satisfait", "satisfaction")
"""Parts of names that ask a question of a survey."""
EVENTS = frozenset(
    {"event", "eventname", "eventtype", "kind", "action", "target", "selector", "elementschain", "evenement"}
)
"""Names that no survey has."""


@dataclass(frozen=True, kw_only=True)
class Survey(VoiceSource):
    """Any table of answers to a survey."""

    name: ClassVar[str] = "survey"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "feedback",
            (CREATED, SCORE),
            {
                "id": ("responseid", "answerid", "id"),
                "start": CREATED,
                "score": SCORE,
                "scale": ("scale", "surveytype", "metric", "type"),
                "question": ("question",),
                "comment": COMMENT,
                "tags": ("tags",),
                "device": ("device", "devicetype"),
                "country": ("country",),
                "email": ("email", "emailaddress", "useremail", "customeremail", "enduseremail", "mail"),
                "user": ("userid", "externalid", "customerid", "uid", "accountid"),
                "recording": ("recordingurl",),
            },
        ),
        Form("feedback", (CREATED,), {"start": CREATED, "id": ("responseid", "id")}, is_wide=True),
    )

    def sniff(self, file: InputFile) -> float:
        """Likely where scores and comments, or a score that names its scale, stand beside a time and no event."""
        names = names_of(seen(file))
        if names & EVENTS or not names & set(CREATED):
            return 0.0
        if names & TELLING or (names & set(SCORE) and names & set(COMMENT)):
            return 0.7
        asked = sum(any(word in name for word in ASKED) for name in names)
        return 0.6 if asked else 0.0
