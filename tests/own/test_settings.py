"""How rules and thresholds are declared, what is refused and with which words, and what a report makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from friction.cli import main
from friction.config import load
from friction.elements import Flag
from friction.errors import UsageError
from friction.goals import CONDITIONS, ELEMENT, NUMBERS, parse
from friction.schema import EVENT

RULES = """
[rules.twice_asked]
title = "Asked {twice}"
finds = "a help text that is opened twice"
page = "/pay*"
advice = "Say it where it is needed."
steps = [
  { when = "event=click and target~*help*", times = 2, within_ms = 60000 },
  { when = ["event=page_leave", "event=page_view"], without = "event=conversion" },
]
across_pages = true
"""
EVENTS = """timestamp,session_id,event,url,target
2026-03-02T10:00:00.100Z,s1,page_view,https://shop.test/pay,
2026-03-02T10:00:01.100Z,s1,click,https://shop.test/pay,a#help
2026-03-02T10:00:09.200Z,s1,click,https://shop.test/pay,a#help
2026-03-02T10:00:29.300Z,s1,page_leave,https://shop.test/pay,
2026-03-02T11:00:01.100Z,s2,click,https://shop.test/pay,a#help
2026-03-02T11:00:29.300Z,s2,page_leave,https://shop.test/pay,
2026-03-02T12:00:00.400Z,s3,conversion,https://shop.test/thanks,
"""


def declared(folder: Path, text: str) -> Path:
    path = folder / "friction.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("right", "wrong", "says", "remedy"),
    [
        (
            "times = 2",
            "tims = 2",
            "there is no setting 'rules.twice_asked.steps.0.tims'",
            'did you mean "times"',
        ),
        ("finds =", "find =", "there is no setting 'rules.twice_asked.find'", 'did you mean "finds"'),
        ("[rules.twice_asked]", "[rule.twice_asked]", "there is no setting 'rule'", 'did you mean "rules"'),
        ("event=click", "evnt=click", "rules.twice_asked.steps.0.when.0: 'evnt' is no field", None),
        ("event=click", "evnt=click", 'did you mean "event"', None),
        ("event=click and", "is=disabld and", 'did you mean "disabled"', None),
        ("event=click and", "http_status>=x and", "'x' is no number", None),
        ("event=click and", "event>5 and", "event cannot be compared by >", None),
        ("times = 2", "times = 0", "rules.twice_asked.steps.0.times: it has to be at least 1", None),
        ("times = 2", "times = 50", "a rule is made of 50 events at most", None),
        ("twice_asked", "Twice", "a name is made of 3 to 40 small letters, figures and underscores", None),
        ('title = "Asked {twice}"', "", "rules.twice_asked.title: it is missing", None),
    ],
)
def test_an_error_names_the_key_and_the_nearest_right_one(
    tmp_path: Path, right: str, wrong: str, says: str, remedy: str | None
) -> None:
    with pytest.raises(UsageError) as caught:
        load(declared(tmp_path, RULES.replace(right, wrong)))

    assert says in caught.value.problem.detail
    assert remedy is None or remedy in str(caught.value.problem.remedy)


def test_what_a_condition_may_ask_exists() -> None:
    assert {flag.name.lower() for flag in Flag if flag.name} == set(ELEMENT)
    assert set(NUMBERS) <= set(EVENT)
    assert all(EVENT[name].is_numeric() for name in NUMBERS)


def test_a_condition_written_out_reads_back_as_itself() -> None:
    text = "event=click and http_status>=400 and duration_ms<0.5 and is=disabled and error~*boom*"

    assert str(parse(text, CONDITIONS)) == text


def answered(capsysbinary: pytest.CaptureFixture[bytes], *words: str, code: int = 0) -> dict[str, Any]:
    capsysbinary.readouterr()
    assert main(words) == code
    out = capsysbinary.readouterr().out
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_rule_is_ranked_explained_and_shown_like_every_detector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    declared(tmp_path, RULES)
    (tmp_path / "events.csv").write_text(EVENTS)
    report = answered(capsysbinary, "analyze", "events.csv", "--detector", "twice_asked", "--format", "json")

    (point,) = report["points"]
    assert (point["title"], point["target"], point["findings"]) == ("Asked {twice}: /pay", "a#help", 1)
    assert point["recommendation"]["text"] == "Say it where it is needed."
    assert point["evidence"][0]["rows"] == [2, 3, 4]
    assert report["settings"]["rules"]["twice_asked"]["steps"][0]["times"] == 2
    assert report["detectors"][0]["parameters"]["step1_times"] == 2
    shown = answered(capsysbinary, "detectors", "show", "twice_asked", "--format", "json")
    assert (shown["title"], shown["summary"]) == ("Asked {twice}", "a help text that is opened twice.")


def test_thresholds_are_set_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    declared(tmp_path, RULES)
    (tmp_path / "events.csv").write_text(EVENTS)
    words = ("analyze", "events.csv", "--detector", "twice_asked", "--format", "json")

    assert answered(capsysbinary, *words, "--set", "twice_asked.step1_times=3")["points"] == []
    assert answered(capsysbinary, *words, "--set", "twice_asked.step1_times=1")["points"][0]["findings"] == 2
    detect = ("detect", "events.csv", "--detector", "twice_asked", "-o", "f.csv", "--format", "json")
    for said in ("step1_times=1", "twice_asked.step1_times=1"):
        assert answered(capsysbinary, *detect, "--set", said)["findings"] == {"twice_asked": 2}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("twice_asked.step1_time=3", 'did you mean "step1_times"'),
        ("twice_aske.step1_times=3", 'did you mean "twice_asked"'),
        ("step1_times=3", "write it like --set rage_click.step1_times=3"),
        ("twice_asked.step1_times", "write it like --set min_clicks=5"),
        ("twice_asked.step1_times=many", "friction detectors show twice_asked lists its settings"),
    ],
)
def test_a_wrong_threshold_is_an_error_with_its_remedy(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    said: str,
    error: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    declared(tmp_path, RULES)
    (tmp_path / "events.csv").write_text(EVENTS)

    assert main(["analyze", "events.csv", "--set", said]) == 2
    assert error in capsys.readouterr().err


def test_a_file_without_what_a_rule_names_cannot_answer_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    declared(tmp_path, RULES.replace("event=click", "event=keydown"))
    (tmp_path / "events.csv").write_text(EVENTS)
    report = answered(capsysbinary, "analyze", "events.csv", "--detector", "twice_asked", "--format", "json")

    assert (report["detectors"][0]["status"], report["detectors"][0]["reason"]) == (
        "skipped",
        "needs keydown",
    )


def test_a_rule_cannot_take_the_name_of_a_detector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    declared(tmp_path, RULES.replace("twice_asked", "rage_click"))
    (tmp_path / "events.csv").write_text(EVENTS)

    assert main(["analyze", "events.csv"]) == 2
    assert "give the rule another name" in capsys.readouterr().err
