"""What is clicked on the pages that have friction points: the elements known of each, and how often.

Elements stand by the views of the page in which they were clicked; where files tell where clicks fell, also with the
place of each (`friction.beside.spots`).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from friction.beside.spots import spots
from friction.report import Report
from friction.summary.analysis import Analysis
from friction.summary.points import Names

PAGES, ELEMENTS = 60, 14


def clicks(analysis: Analysis, report: Report, names: Names) -> list[dict[str, Any]]:
    """By page, the costliest point first: `views`, those `clicked` in, and its `elements`, most clicked first.

    An element has its `target`, its `label` where a point says it, the views it was clicked in (`views`), and those of
    them in which something went wrong with it (`troubled`). `layouts` say where clicks fell (`friction.beside.spots`),
    of these elements alone.
    """
    codes = {names.page(code): code for code in analysis.tables.seen["page"].unique()}
    labels = {point.target: point.label for point in report.points if point.target and point.label}
    pages = list(dict.fromkeys(point.page for point in report.points if point.page in codes))[:PAGES]
    used = _used(analysis, [codes[page] for page in pages])
    seen = dict(analysis.tables.views.group_by("page").len().iter_rows())
    words = analysis.ingested.events.words
    lying = spots(analysis, names, [codes[page] for page in pages], _of_elements(analysis))
    found = []
    for page in pages:
        rows = used.filter(pl.col("page") == codes[page])
        told = rows.group_by("target").agg(views=pl.len(), troubled=pl.col("bad").sum())
        known = [
            {"target": target, "label": labels.get(target), "views": views, "troubled": troubled}
            for code, views, troubled in told.iter_rows()
            if (target := words.word("target", code))
        ]
        if known:
            known.sort(key=lambda each: (-each["views"], each["target"]))
            found.append(
                {
                    "page": page,
                    "views": seen.get(codes[page], 0),
                    "clicked": rows["view"].n_unique(),
                    "elements": known[:ELEMENTS],
                    "more": max(len(known) - ELEMENTS, 0),
                    "layouts": _shown(
                        lying.get(codes[page], []), {each["target"] for each in known[:ELEMENTS]}
                    ),
                }
            )
    return found


def _shown(layouts: list[dict[str, Any]], targets: set[str]) -> list[dict[str, Any]]:
    """The layouts with these elements alone."""
    return [
        {**each, "elements": [one for one in each["elements"] if one["target"] in targets]}
        for each in layouts
    ]


def _used(analysis: Analysis, pages: list[int]) -> pl.DataFrame:
    """`page, target, view, bad`: each element once a view of these pages."""
    tables, of_elements = analysis.tables, _of_elements(analysis)
    frames = []
    for table, bad in ((tables.uses, False), (tables.hits, True)):
        if not {"page", "target", "view"} <= set(table.columns):
            continue
        is_meant = pl.col("page").is_in(pages) & pl.col("target").is_not_null()
        if "detector" in table.columns:  # targets of others are forms, pages or errors
            is_meant &= pl.col("detector").is_in(of_elements) if bad else pl.col("detector").is_null()
        chosen = table.filter(is_meant)
        frames.append(
            chosen.select(
                pl.col("page", "target").cast(pl.Int64), pl.col("view").cast(pl.Int64), bad=pl.lit(bad)
            )
        )
    if not frames:
        return pl.DataFrame(
            schema={"page": pl.Int64, "target": pl.Int64, "view": pl.Int64, "bad": pl.Boolean}
        )
    return pl.concat(frames).group_by("page", "target", "view").agg(pl.col("bad").any())


def _of_elements(analysis: Analysis) -> list[str]:
    return [name for name, detector in analysis.detectors.items() if "target" not in detector.coded]
