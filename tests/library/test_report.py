"""A report in the hands of a program: frames, files, comparison, and the table a notebook shows."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

import friction
from friction import report as values
from friction.cli import main
from friction.library.tables import POINTS
from friction.library.tables import points as points_frame
from tests.library.frames import GOAL
from tests.reports import EUROS, impact, point
from tests.reports import report as made

HOSTILE = "<script>alert(1)</script>\"' onload=x \x1b[31m\u202e&amp;"


OURS = frozenset("div p table thead tbody tr th td br span svg line circle".split())


def face(*points: values.Point) -> friction.Report:
    return friction.Report(made(*points))


def test_points_are_a_frame_with_a_row_each(report: friction.Report) -> None:
    assert report.points.schema == POINTS
    assert report.points["id"].to_list() == [point.id for point in report.content.points]


def test_a_row_holds_what_the_point_says() -> None:
    cost = impact(revenue=EUROS)
    row = face(point(3, cost)).points.row(0, named=True)

    assert (row["rank"], row["target"], row["sessions_affected"]) == (3, "button#pay", 612)
    assert (row["estimate"], row["low"], row["high"], row["confidence"]) == (41, 22, 63, "high")
    assert (row["revenue"], row["revenue_low"], row["revenue_high"]) == (3500, 1900, 5400)
    assert row["first_seen"].isoformat() == "2026-10-01T08:00:00+00:00"


def test_what_cannot_be_said_is_null() -> None:
    unknown = impact(None, None, None, reason="too_few_sessions", confidence="low")
    row = face(point(1, unknown, rank=None)).points.row(0, named=True)

    assert [row[name] for name in ("rank", "estimate", "low", "high", "revenue")] == [None] * 5
    assert row["reason"] == "too_few_sessions"


def test_a_report_without_points_is_an_empty_frame_of_the_same_columns() -> None:
    assert points_frame([]).schema == POINTS


def test_the_top_are_the_first_points_with_everything_known_of_them() -> None:
    found = face(*map(point, range(1, 9)))

    assert [each.rank for each in found.top(3)] == [1, 2, 3]
    assert len(found.top()) == 5
    assert found.top(1)[0].evidence == point().evidence
    assert repr(found.top(2)).count("\n") == 1
    assert "about 41 (22 to 63)" in repr(found.top(1))


def test_a_difference_says_what_changed_since_the_earlier_report() -> None:
    worse = impact(400.0, 300.0, 500.0)
    earlier, later = face(point(1), point(2), point(3)), face(point(1, worse), point(2), point(4))

    changes = later.diff(earlier)

    assert dict(changes.points.select("id", "state").iter_rows()) == {
        point(1).id: "worse",
        point(2).id: "unchanged",
        point(3).id: "gone",
        point(4).id: "new",
    }
    assert changes.counts == {"new": 1, "worse": 1, "gone": 1, "unchanged": 1}
    assert changes.points.row(1, named=True)["new_low"] == pytest.approx(1000 * 300 / 48212)
    assert repr(changes) == "<friction.Changes: 1 new, 1 worse, 1 gone, 1 unchanged>"


def test_a_report_is_written_by_the_suffix_and_read_back(tmp_path: Path, report: friction.Report) -> None:
    texts = {
        ".json": report.to_json(),
        ".csv": report.to_csv(),
        ".html": report.to_html(),
        ".md": report.to_markdown(),
    }
    for suffix, text in texts.items():
        path = report.save(tmp_path / f"report{suffix}")
        assert path.read_text(encoding="utf-8") == text

    assert friction.load(tmp_path / "report.json") == report
    assert report.to_dict() == json.loads(report.to_json())


def test_a_suffix_nobody_knows_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(friction.UsageError, match="no known suffix"):
        face().save(tmp_path / "report.docx")

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [None, b"", b"{}", b"PK\x03\x04"])
def test_what_is_no_report_is_refused(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(friction.InputError):
        friction.load(tmp_path / "report.json")


def test_a_report_says_in_a_line_what_it_is(report: friction.Report) -> None:
    number = len(report.content.points)
    assert repr(report) == f"<friction.Report: {number} points, 120 sessions, by page=/thanks>"
    assert repr(friction.Report(replace(made(), goal=None))).endswith("by extra exits>")


class Tags(HTMLParser):
    """Every tag with its attributes, and all text; a tag that is not closed in its place is an error."""

    VOID = frozenset({"br", "line", "circle"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._open = "", list[str]()
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def test_a_notebook_shows_what_where_cost_interval_and_confidence() -> None:
    page = Tags(face(point(1), point(2, impact(10.0, -2.0, 22.0, confidence="low")))._repr_html_())
    shown = re.sub(r"\s+", " ", page.text)

    assert "“Pay now” is clicked again and again Rage clicks · /checkout/payment 612 of 4,106 14.9 %" in shown
    assert "about 41 (22 to 63) ●●● clear" in shown
    assert "about 10, perhaps none, up to 22 ●○○ uncertain" in shown


def test_a_notebook_shows_ten_points_and_says_how_many_there_are() -> None:
    page = Tags(face(*map(point, range(1, 15)))._repr_html_())

    assert [tag for tag, _ in page.seen].count("tr") == 11
    assert "Friction point · 10 of 14" in page.text


def test_what_a_notebook_shows_needs_no_script_and_no_style_sheet_and_takes_the_colours_around_it() -> None:
    page = Tags(face(point(1), point(2))._repr_html_())
    names = {name for _, attributes in page.seen for name in attributes}
    styles = " ".join(attributes.get("style") or "" for _, attributes in page.seen)

    assert not {tag for tag, _ in page.seen} & {"script", "style", "link", "iframe", "img"}
    assert not [name for name in names if name.startswith("on") or name in {"href", "src", "class", "id"}]
    assert not re.search(r"(?<![-\w])color:|#[0-9a-f]{3}|url\(", styles)


def test_texts_of_the_data_stay_texts() -> None:
    hostile = point(1, title=HOSTILE, page=HOSTILE, target=HOSTILE)
    found = friction.Report(replace(made(hostile), goal=values.Goal(f"event={HOSTILE}", 3, 0.1, None, None)))

    for page in (found._repr_html_(), found.top(1)._repr_html_()):
        assert {tag for tag, _ in Tags(page).seen} <= OURS
        assert "<script>alert(1)</script>" in Tags(page).text
        assert not re.search(r"[\x1b\u202e]", page)


def test_a_report_shows_itself_in_the_language_asked_for(report: friction.Report) -> None:
    french = friction.Report.from_json(report.to_json(), lang="fr")

    assert 'lang="fr"' in french._repr_html_()
    assert "conversions perdues" in french._repr_html_().lower()
    assert french.to_json() == report.to_json()
    assert french.to_html() == report.to_html(lang="fr") != report.to_html()
    assert french.to_markdown() == report.to_markdown(lang="fr") != report.to_markdown()


def test_a_language_nobody_speaks_here_is_refused(report: friction.Report) -> None:
    with pytest.raises(friction.UsageError, match="'de'"):
        friction.Report.from_json(report.to_json(), lang="de")


@pytest.mark.parametrize("form", ["html", "md", "csv"])
def test_the_files_of_a_report_are_those_of_the_command_line(
    form: str, export: Path, tmp_path: Path, report: friction.Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    theirs, ours = tmp_path / f"theirs.{form}", tmp_path / f"ours.{form}"

    code = main(["analyze", str(export), "--goal", GOAL, "-o", str(theirs), "--quiet"])

    assert code == 0
    assert report.save(ours).read_bytes() == theirs.read_bytes()


def test_an_empty_report_shows_its_verdict_alone() -> None:
    page = Tags(face()._repr_html_())

    assert "Nothing found" in page.text
    assert "table" not in {tag for tag, _ in page.seen}


def test_points_alone_show_themselves_as_a_table() -> None:
    page = Tags(face(point(1), point(2)).top(1)._repr_html_())

    assert [tag for tag, _ in page.seen].count("tr") == 2


def test_frames_of_points_are_new_ones_for_every_reader_s_changes(report: friction.Report) -> None:
    changed = report.points.with_columns(pl.lit(0).alias("rank"))

    assert not changed.equals(report.points)
