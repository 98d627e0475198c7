"""A report in the forms that people read. Made in a process of its own, once, and kept beside the report."""

from __future__ import annotations

from friction import __version__, isolate
from friction.errors import InputError, InternalError
from friction.files import write

from .folder import DataFolder

MEDIA = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
}
GUARD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
}
"""A page that was made from other people's data runs nothing, wherever it is opened."""
STAMP = __version__
"""A later version may write a form differently."""
TIMEOUT_S = 120.0


def made(folder: DataFolder, report_id: str, form: str, lang: str) -> bytes:
    """The report in this form and language."""
    kept = folder.form(report_id, f"{STAMP}.{lang}.{form}")
    if kept.is_file():
        return kept.read_bytes()
    plan = {
        "command": "render",
        "inputs": [str(folder.report(report_id))],
        "form": "text" if form == "txt" else form,
        "lang": lang,
        "output": f"report.{form}",
    }
    try:
        with isolate.workspace():
            content = isolate.run(plan, timeout_s=TIMEOUT_S).read_bytes()
    except InputError:  # what is read here is our own report: nobody has sent anything wrong
        remedy = "try it once more, or take the JSON; the log of the service says what happened"
        detail = "the report cannot be written in this form now"
        raise InternalError("report.not_rendered", detail, remedy=remedy) from None
    write(kept, content)
    return content
