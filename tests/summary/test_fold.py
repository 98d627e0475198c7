"""Signs of one cause on one element gather behind the point that leads; each is still counted for itself."""

from __future__ import annotations

from pathlib import Path

from tests.exports import Row, analysed, point, row, written


def broken(visitors: int = 40, *, insists: int = 2) -> list[Row]:
    """A button that ends in an error for everybody; one visitor in `insists` hits it five times."""
    rows = []
    for number in range(visitors):
        name = f"s{number}"
        rows.append(row(name, 0, "page_view", "/pay"))
        for click in range(1 if number % insists else 5):
            rows.append(row(name, 10 + 0.15 * click, "click", "/pay", "button#pay"))
        rows.append(row(name, 11, "error", "/pay", error_message="boom"))
        if number % 3:
            rows.append(row(name, 60, "page_view", "/thanks"))
    return rows


def test_rage_at_an_error_is_part_of_the_error(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", broken()))
    error = point(report, "error_click", "/pay", "button#pay")
    rage = point(report, "rage_click", "/pay", "button#pay")

    assert (error.sessions_affected, rage.sessions_affected) == (40, 20)
    assert (error.part_of, rage.part_of) == (None, error.id)


def test_another_element_is_another_cause(tmp_path: Path) -> None:
    more = [
        row(each["session_id"], 20, "click", "/pay", "a#help", el_disabled="true")
        for each in broken()
        if each["event"] == "error"
    ]
    report = analysed(written(tmp_path / "a.csv", [*broken(), *more]))

    assert point(report, "disabled_click", "/pay", "a#help").part_of is None


def test_a_point_that_mostly_strikes_elsewhere_stands_for_itself(tmp_path: Path) -> None:
    rows = [each for each in broken() if each["event"] != "error" or int(each["session_id"][1:]) % 4 == 0]
    report = analysed(written(tmp_path / "a.csv", rows))

    assert point(report, "rage_click", "/pay", "button#pay").part_of is None


def test_what_is_part_of_another_keeps_its_place_and_its_figures(tmp_path: Path) -> None:
    report = analysed(written(tmp_path / "a.csv", broken(120)))
    judged = [each for each in report.points if each.impact.estimate is not None]

    assert [each.rank for each in judged] == list(range(1, len(judged) + 1))
    assert {each.part_of for each in judged if each.part_of} <= {each.id for each in report.points}
