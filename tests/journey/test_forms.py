"""The forms a map is taken away in: each is what its format says, whatever the texts of the data hold."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from friction.i18n import LANGUAGES, language
from friction.render.journey.forms import BY_SUFFIX, MEDIA, rendered
from friction.render.journey.grid import VIEWS, View, grid
from friction.render.journey.sheet import FIGURES, PLAN, Kept
from friction.render.journey.wrap import wide, wrapped
from friction.report import Report
from tests.journey.conftest import Seen

NASTY = '=cmd|"</text><script>alert(1)</script>\u202e: ; # | `x` {y}'
STYLE = re.compile(r"[A-Za-z]+(=[^;=<>\"]*)?")
"""One word of a style: the name of a base style, or a key with its value."""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report(seen: Seen) -> Report:
    """The shop's report, with a point whose label is out to break things."""
    first = replace(seen.report.points[0], label=NASTY, title=NASTY)
    return replace(seen.report, points=[first, *seen.report.points[1:]])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_view_has_its_columns_in_every_lane(report: Report, view: View, code: str) -> None:
    found = grid(report, view, {("decision", "notes"): "Ask about the card."}, language(code))

    assert len(found.columns) == (4 if view == "aida" else 5)
    assert all(len(lane.cells) == len(found.columns) for lane in found.lanes)


def test_notes_stay_beside_what_is_computed(report: Report) -> None:
    found = grid(report, notes={("decision", "notes"): "Ask about the card."})

    assert found.lanes[-1].code == "notes"
    assert [[line.text for line in cell] for cell in found.lanes[-1].cells] == [
        [],
        [],
        ["Ask about the card."],
        [],
        [],
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_the_picture_is_well_formed_and_says_nothing_but_text(report: Report, view: View) -> None:
    root = ET.fromstring(rendered(report, "svg", view=view))
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}

    assert kinds <= {"svg", "title", "desc", "style", "rect", "line", "path", "circle", "text"}
    assert not [
        name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name
    ]


def test_all_text_of_the_picture_lies_within_it(report: Report) -> None:
    root = ET.fromstring(rendered(report, "svg"))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])

    for text in root.iter(f"{SVG}text"):
        reach = wide(text.text or "", float(text.attrib["font-size"]))
        left = float(text.attrib["x"]) - (reach / 2 if "text-anchor" in text.attrib else 0)
        assert 0 <= left <= left + reach <= width + 1, text.text
        assert 0 < float(text.attrib["y"]) <= height


@pytest.mark.parametrize("view", VIEWS)
def test_the_diagram_is_what_draw_io_reads(report: Report, view: View) -> None:
    root = ET.fromstring(rendered(report, "drawio", view=view))
    (diagram,) = root
    (model,) = diagram
    (inner,) = model
    cells = {cell.attrib["id"]: cell for cell in inner}

    assert (root.tag, diagram.tag, model.tag, inner.tag) == ("mxfile", "diagram", "mxGraphModel", "root")
    assert len(cells) == len(inner)
    assert cells["0"].attrib == {"id": "0"}
    assert cells["1"].attrib == {"id": "1", "parent": "0"}
    assert "compressed" not in root.attrib
    assert {"dx", "dy", "grid", "page", "pageWidth", "pageHeight"} <= set(model.attrib)
    for cell in list(inner)[2:]:
        (geometry,) = cell
        assert (cell.tag, cell.attrib["parent"], geometry.tag, geometry.attrib["as"]) == (
            "mxCell",
            "1",
            "mxGeometry",
            "geometry",
        )
        assert ("vertex" in cell.attrib) != ("edge" in cell.attrib)
        assert all(STYLE.fullmatch(word) for word in cell.attrib["style"].removesuffix(";").split(";"))
        assert "<script" not in cell.attrib["value"].lower()
        _placed(cell, geometry, cells)


def _placed(cell: ET.Element, geometry: ET.Element, cells: dict[str, ET.Element]) -> None:
    """A box lies on the paper; an arrow goes from box to box, by points that are given."""
    if "vertex" in cell.attrib:
        assert {"source", "target"}.isdisjoint(cell.attrib)
        assert all(float(geometry.attrib[name]) >= 0 for name in ("x", "y"))
        assert all(float(geometry.attrib[name]) > 0 for name in ("width", "height"))
        return
    assert all("vertex" in cells[cell.attrib[end]].attrib for end in ("source", "target"))
    (points,) = geometry
    assert (geometry.attrib["relative"], points.tag, points.attrib) == ("1", "Array", {"as": "points"})
    assert [(point.tag, set(point.attrib)) for point in points] == [("mxPoint", {"x", "y"})] * len(points)


def test_the_canvas_follows_json_canvas(report: Report) -> None:
    found = json.loads(rendered(report, "canvas"))
    ids = [node["id"] for node in found["nodes"]]

    assert set(found) == {"nodes", "edges"}
    assert len(ids) == len(set(ids))
    for node in found["nodes"]:
        assert node["type"] == "text"
        assert all(isinstance(node[name], int) for name in ("x", "y", "width", "height"))
    assert all(edge["fromNode"] in ids and edge["toNode"] in ids for edge in found["edges"])


def test_a_mermaid_task_has_a_score_and_an_actor(report: Report) -> None:
    first, title, *lines = rendered(report, "mermaid").decode().splitlines()

    assert first == "journey"
    assert title.startswith("    title ")
    tasks = [line.split(": ") for line in lines if line.startswith("      ")]
    assert tasks
    assert all(len(task) == 3 and task[1] in set("12345") for task in tasks)


def test_the_sheets_are_tables_and_run_nothing(report: Report) -> None:
    drawn = list(csv.reader(io.StringIO(rendered(report, "csv").decode())))
    figures = list(csv.reader(io.StringIO(rendered(report, "figures").decode())))
    plan = list(csv.reader(io.StringIO(rendered(report, "plan").decode())))

    assert {len(row) for row in drawn} == {6}
    assert tuple(figures[0]) == FIGURES
    assert {len(row) for row in figures} == {len(FIGURES)}
    assert tuple(plan[0]) == PLAN
    assert not [
        cell
        for table in (drawn, figures, plan)
        for row in table
        for cell in row
        if cell.startswith(("=", "@"))
    ]


def test_what_people_decided_stands_in_the_plan(report: Report) -> None:
    kept = {report.points[0].id: Kept(effort="large", owner="Checkout team", state="under_way")}
    rows = list(csv.DictReader(io.StringIO(rendered(report, "plan", kept=kept).decode())))

    assert (rows[0]["owner"], rows[0]["effort"], rows[0]["state"]) == ("Checkout team", "large", "under way")


@pytest.mark.parametrize("form", sorted(MEDIA))
def test_the_same_report_gives_the_same_bytes(report: Report, form: str) -> None:
    assert rendered(report, form) == rendered(report, form)  # type: ignore[arg-type]


def test_markdown_of_the_data_says_nothing(report: Report) -> None:
    told = rendered(report, "md", language("fr")).decode()

    assert "<script" not in told
    assert set(BY_SUFFIX.values()) <= set(MEDIA)


def test_lines_break_at_blanks_and_too_long_words_break_within() -> None:
    assert wrapped("aa bb cc", 30, 10) == ["aa bb", "cc"]
    assert "".join(wrapped("x" * 50, 60, 10)) == "x" * 50
    assert all(wide(line, 10) <= 60 for line in wrapped("x" * 50, 60, 10))
