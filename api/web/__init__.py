"""The pages: rendered on the server, read without script, made quicker by htmx and a few modules of our own.

    frame       one page put together: language, theme, navigation, the policy of what a browser may load
    navigation  the two levels of navigation: product and report
    assets      style sheets, scripts and pictures under addresses that change with their content
    vendor      what is fetched from npm when the package is built (`make web`); pages work without it
    faults      errors as pages

A page calls the same functions as its JSON twin under `/v1`. Templates lie in `templates/` and extend `base.jinja`;
those of the written report (`friction.render.html`) are found as well, so that both draw the same marks. Every form
begins with `{{ hidden }}`. Sentences are marked with `text`, `plural`, `of`; scripts take theirs from attributes of
the page and have none of their own. No style attributes, no inline scripts: the policy forbids both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter


def routers() -> list[APIRouter]:
    """The routers of all pages."""
    from . import (
        assets,
        deleting,
        entry,
        listing,
        masked,
        point,
        progress,
        ranking,
        recognition,
        replay,
        sending,
        sharing,
        start,
        take,
        taste,
        views,
    )

    begin = (assets, taste, entry, start, sending, recognition, masked, progress)
    read = (listing, point, ranking, sharing, deleting, take, replay)
    return [*(module.router for module in (*begin, *read)), *views.routers()]
