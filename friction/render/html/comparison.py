"""The page of a comparison: the sentence, what to mind, every point."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from friction.i18n import ENGLISH, Language
from friction.render.compared import HEAD, Compared
from friction.render.html.page import style, templates


def comparison(told: Compared, speak: Language = ENGLISH) -> str:
    """One file without script that needs nothing else."""
    sheet = style()
    page = templates().get_template("comparison.jinja")
    return page.render(
        told=told,
        head=HEAD,
        lang=speak.code,
        style=Markup(sheet),
        style_hash=base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode(),
        **speak.functions,
    )
