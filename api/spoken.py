"""Problems in the language of `Accept-Language`; code, title and members are the same in all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from friction.i18n import Language, chosen, language
from friction.i18n.language import DEFAULT
from friction.i18n.problems import say

SAID = ("detail", "remedy")
"""Members that are sentences."""


def wishes(request: Request) -> list[str]:
    """Languages that the request asks for, in its order."""
    return [part.partition(";")[0] for part in request.headers.get("accept-language", "").split(",")]


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
