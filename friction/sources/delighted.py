"""Delighted: answers to its surveys, one row a response.

Exports   The responses as CSV or as the API gives them, JSON.
Gives     Score, scale and comment, the page where the property `Delighted Page URL` holds it, the person by the ids
          and the e-mail address that the site has handed over; the address becomes a keyed hash.
Misses    The session, unless the site hands it over as a property.
"""

from __future__ import annotations

from typing import ClassVar

from friction.sources.voices import Form, VoiceSource
from friction.values import dataclass


@dataclass(frozen=True, kw_only=True)
class Delighted(VoiceSource):
    """Answers to surveys of Delighted."""

    name: ClassVar[str] = "delighted"
    forms: ClassVar[tuple[Form, ...]] = (
        Form(
            "feedback",
            (("surveytype",), ("score",), ("person", "permalink", "personid", "responseid")),
            {
                "id": ("responseid", "id"),
                "start": ("createdat",),
                "score": ("score",),
                "scale": ("surveytype",),
                "comment": ("comment",),
                "customer": ("personid", "person"),
                "email": ("personemail", "email"),
                "url": (
                    "personpropertiesdelightedpageurl",
                    "delightedpageurl",
                    "personpropertiespageurl",
                    "pageurl",
                ),
                "device": ("personpropertiesdelighteddevicetype", "delighteddevicetype"),
                "country": ("personpropertiescountry", "country"),
                "session": ("personpropertiessessionid", "sessionid"),
                "visitor": ("personpropertiesvisitorid", "visitorid"),
                "user": ("personpropertiesuserid", "personpropertiescustomerid", "userid", "customerid"),
                "tags": ("tags",),
            },
        ),
    )
