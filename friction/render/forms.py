"""The forms a report can take, by the name of the form and the suffix of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from friction.i18n import ENGLISH, Language
from friction.report import Report

Form = Literal["text", "json", "csv", "xlsx", "md", "html"]
BY_SUFFIX: Mapping[str, Form] = {
    ".html": "html",
    ".json": "json",
    ".md": "md",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".txt": "text",
}


def rendered(report: Report, form: Form, speak: Language = ENGLISH, *, top: int = 10) -> bytes:
    """The report in this form; `top` is how many points the text for terminals lists."""
    if form == "json":
        return report.to_json()
    if form == "csv":
        from friction.render.table import points

        return points(report, speak).encode()
    if form == "xlsx":
        from friction.render.table import workbook

        return workbook(report, speak)
    if form == "md":
        from friction.render.markdown import markdown

        return markdown(report, speak).encode()
    if form == "html":
        from friction.render.html import html

        return html(report, speak).encode()
    from friction.render.text import plain
    from friction.render.text import report as text

    return plain(text(report, speak, top=top)).encode()
