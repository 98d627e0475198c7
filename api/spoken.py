"""Problems in the language of `Accept-Language`; code, title and members are the same in all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from friction.i18n import Language, chosen, language
from friction.i18n.language import DEFAULT
from friction.i18n.problems import say

SAID = ("detail", "remedy")
"""Members that are sentences."""
Shown = Callable[[Request, Response], Response]
"""Makes of an answer that holds a problem what its reader can read."""
QUALITY = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", re.IGNORECASE)
"""How much a language is wanted, from 0, not at all, to 1 (RFC 9110 §12.4.2)."""


def wishes(request: Request) -> list[str]:
    """Languages that the request asks for, those it wants most first, of equal ones in its order."""
    parts = (part.partition(";") for part in request.headers.get("accept-language", "").split(","))
    wanted = [(_quality(weight), word) for word, _, weight in parts]
    return [word for quality, word in sorted(wanted, key=lambda each: -each[0]) if quality > 0]


def _quality(weight: str) -> float:
    """1 where none is given; 0 for what cannot be read, so that it is no wish."""
    found = QUALITY.fullmatch(weight or "q=1")
    return float(found[1]) if found else 0


def asked(request: Request) -> Language:
    """The first of them that is spoken here."""
    return language(chosen(*wishes(request)))


Asked = Annotated[Language, Depends(asked)]


def spoken(request: Request, answer: Response) -> Response:
    """The problem document in the language that is asked for."""
    speak = asked(request)
    answer.headers.update({"Content-Language": speak.code, "Vary": "Accept-Language"})
    if speak.code != DEFAULT:
        answer.body = json.dumps(said(json.loads(bytes(answer.body)), speak), ensure_ascii=False).encode()
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer


def said(problem: Mapping[str, Any], speak: Language) -> dict[str, Any]:
    """Its members with the sentences in this language, those of its parts too."""
    found: dict[str, Any] = {name: say(str(problem[name]), speak) for name in SAID if problem.get(name)}
    if "errors" in problem:
        found["errors"] = [said(each, speak) for each in problem["errors"]]
    return {**problem, **found}
