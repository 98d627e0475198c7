"""A report as one HTML file: no script, no network, light and dark, and A4 when printed.

    html(report, language("fr")) -> str

The page's only style sheet is inside and allowed by its hash, so nothing else can style it or run in it, whatever the
texts of the data say. Sentences are of `phrases`, geometry of `marks`, large figures of `figures`; the templates only
put them in order. The same report and language give the same bytes.
"""

from friction.render.html.page import html

__all__ = ["html"]
