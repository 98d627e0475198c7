"""`python -m tests.render`: write the golden pages again, to be looked at before they are committed."""

from __future__ import annotations

from friction.i18n import LANGUAGES, language
from friction.render.html import html
from friction.render.markdown import markdown
from tests.render.samples import every_kind
from tests.render.test_page import GOLDEN

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for code in LANGUAGES:
        (GOLDEN / f"report.{code}.html").write_text(html(every_kind(), language(code)), encoding="utf-8")
    (GOLDEN / "report.md").write_text(markdown(every_kind()), encoding="utf-8")
