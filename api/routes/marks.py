"""Annotations: release marks and other moments, with what changed about each."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from friction.nightly import marks
from friction.nightly.book import Book

from ..clock import new_id, now
from ..errors import missing
from ..service import ServiceDep
from ..store import nights
from .moments import Moment

router = APIRouter(prefix="/v1", tags=["scans"])


class MarkChange(BaseModel):
    """A release or another moment; without `at` it is now."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=200)]
    at: Moment | None = None


class MarkAnswer(BaseModel):
    """A mark, with the points that are clearly met more or less often since, the clearest first."""

    annotation_id: str
    at: dt.datetime
    text: str
    changes: list[dict[str, Any]]


class Marks(BaseModel):
    """All marks, the latest first."""

    annotations: list[MarkAnswer]


@router.get("/annotations")
def noted(service: ServiceDep) -> Marks:
    """Release marks with what changed about each: the week before held against the week since."""
    with service.store.read(service.project) as scope:
        rows, lives = nights.marks(scope), nights.lives(scope)
    book = Book(lives=lives)
    return Marks(
        annotations=[
            MarkAnswer(
                annotation_id=row.id,
                at=row.at,
                text=row.text,
                changes=marks.changes(book, nights.as_marks([row])[0]),
            )
            for row in reversed(rows)
        ]
    )


@router.post("/annotations", status_code=201)
def annotate(asked: MarkChange, service: ServiceDep) -> MarkAnswer:
    """Note a release or another moment; changes that begin shortly after name it."""
    mark_id, at = new_id("mark"), asked.at or now()
    with service.store.write(service.project) as scope:
        nights.add_mark(scope, mark_id, at, asked.text)
    return MarkAnswer(annotation_id=mark_id, at=at, text=asked.text, changes=[])


@router.delete("/annotations/{annotation_id}", status_code=204)
def forget(annotation_id: str, service: ServiceDep) -> None:
    """Take a mark away."""
    with service.store.write(service.project) as scope:
        if not nights.remove_mark(scope, annotation_id):
            raise missing("annotation")
