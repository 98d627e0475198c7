"""A command among others: completion, near misses, progress, colours, and an end at once when it is told to end."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from friction.cli.progress import Meter
from friction.i18n import language
from tests.cli.conftest import Run
from tests.pace import slower

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
SHELLS = ("bash", "zsh", "fish", "powershell")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_its_script(friction: Run, shell: str) -> None:
    script = friction("completion", shell).out

    assert "_FRICTION_COMPLETE" in script
    assert "complete_" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, check=True, timeout=10)


@pytest.mark.parametrize(
    ("line", "at", "offers"),
    [
        ("friction an", 1, "analyze"),
        ("friction analyze --de", 2, "--detector"),
        ("friction schema r", 2, "report"),
    ],
)
def test_the_shell_is_told_what_comes_next(line: str, at: int, offers: str) -> None:
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(at), "_FRICTION_COMPLETE": "complete_bash"}
    words = [sys.executable, "-m", "friction"]
    ended = subprocess.run(words, env={**ENVIRONMENT, **asked}, capture_output=True, text=True, check=False)

    assert offers in ended.stdout.split()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["analyze", "a", "--top", "0"], "--top: it has to be at least 1"),
        (["analyze", "a", "--top", "x"], "--top: write a whole number"),
        (
            ["analyze", "a", "--since", "yesterday"],
            "friction: --since: 'yesterday' is no date or time, write it",
        ),
        (["analyze", "a", "--tz", "Mars"], "friction: --tz: 'Mars' is no time zone, write it like"),
        (["analyze", "a", "--memory-limit", "lots"], "--memory-limit: a size is written like 512MB or 2GB\n"),
        (["compare", "a", "--by", "variant", "--share", "5"], "--share: it has to be at most 0.99"),
        (["detect", "a", "--detector", "rage_click", "--set", "min_clicks=1"], "it has to be at least 2"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_our_words(
    words: list[str], why: str, friction: Run, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("timestamp,session_id,url\n2026-03-02,s1,/a\n")
    output = ["-o", str(tmp_path / "found.csv")] if words[0] == "detect" else []
    ended = friction(words[0], str(tmp_path / "a"), *words[2:], *output)

    assert ended.code == 2
    assert why in ended.err


@pytest.mark.parametrize(
    "words", [["--owner", "Ada"], ["--mute", "--reason", "known"], ["--worse", "50%"], ["--note", ""]]
)
def test_what_is_said_of_no_point_is_refused_and_not_passed_over(words: list[str], friction: Run) -> None:
    said = friction("points", *words)

    assert said.code == 2
    assert "it is not said which point is meant" in said.err


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["analyze", "a", "--goal"], "friction analyze"),
        (["inspect", "a", "--mapping"], "friction inspect"),
        (["detectors", "list", "--config"], "friction detectors list"),
    ],
)
def test_an_option_without_its_value_leads_to_the_help_of_its_own_command(
    friction: Run, words: list[str], command: str
) -> None:
    told = friction(*words)

    assert told.code == 2
    assert f"the option {words[-1]} needs a value" in told.err
    assert f"{command} --help shows how it is used" in told.err


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["inspct", "a"], "inspect"),
        (["analyze", "a", "--detectr", "x"], "--detector"),
        (["analyze", "a", "--out", "x"], "--output"),
        (["detect", "a", "-o", "b.csv", "--fromat", "json"], "--format"),
        (["detectors", "shw"], "show"),
        (["analyze", "a", "--format", "jsn"], "json"),
    ],
)
def test_what_is_misspelt_is_offered_as_it_is_spelt(friction: Run, words: list[str], near: str) -> None:
    assert f'did you mean "{near}"?' in friction(*words).err


@pytest.mark.parametrize(("text", "near"), [("[limts]\n", "limits"), ("[time]\nzon = 'UTC'\n", "zone")])
def test_misspelt_settings_are_offered_as_they_are_spelt(
    friction: Run, tmp_path: Path, text: str, near: str
) -> None:
    (tmp_path / "friction.toml").write_text(text)

    assert f'did you mean "{near}"?' in friction("analyze", "a.csv").err


def test_progress_tells_rows_a_second_and_the_time_left() -> None:
    clock = iter([0.0, 1.0, 10.0, 20.0])
    meter = Meter(language("en"), now=lambda: next(clock))

    assert meter.line() == "Starting"
    meter.hear({"stage": "reading", "share": 0.5, "rows": 1_000_000})
    assert meter.line() == "Reading · 100,000 rows/s · 26\xa0s left"
    meter.hear({"stage": "trying again in smaller parts", "share": 0.0})
    assert meter.share == pytest.approx(0.275)
    assert meter.line().startswith("Trying again in smaller parts · 50,000 rows/s")


def on_terminal(words: list[str], folder: Path, **environment: str) -> tuple[str, int]:
    """What a command shows on a terminal of its own, and its exit code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "friction", *words],
        env={**ENVIRONMENT, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
        cwd=folder,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    return seen.decode(errors="replace"), process.wait(30)


def visits(path: Path, sessions: int) -> None:
    rows = [
        f"2026-10-01T{n % 24:02d}:{step:02d}:00Z,s{n},{['/', '/cart', '/pay'][step % 3]},page_view"
        for n in range(sessions)
        for step in range(10)
    ]
    path.write_text("timestamp,session_id,url,event\n" + "\n".join(rows) + "\n")


@pytest.mark.parametrize(("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_sees_progress_and_colours_unless_it_wants_none(
    tmp_path: Path, environment: dict[str, str], is_coloured: bool
) -> None:
    visits(tmp_path / "events.csv", 50)
    seen, code = on_terminal(["analyze", "events.csv", "--lang", "fr"], tmp_path, **environment)

    assert code == 0
    assert "lignes/s" in seen
    assert ("\x1b[38;" in seen or "\x1b[3" in seen.replace("\x1b[3m", "")) == is_coloured


@pytest.mark.parametrize("command", ["analyze", "inspect"])
def test_ctrl_c_ends_within_a_second_and_leaves_nothing(tmp_path: Path, command: str) -> None:
    visits(tmp_path / "events.csv", 60_000)
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    out.mkdir()
    words = [sys.executable, "-m", "friction", command, str(tmp_path / "events.csv")]
    if command == "analyze":
        words += ["-o", str(out / "report.json"), "--rejects", str(out / "rejects.csv")]
    with subprocess.Popen(words, env={**ENVIRONMENT, "TMPDIR": str(work)}, stderr=subprocess.PIPE) as process:
        child = _child_of(process.pid)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        code = process.wait(10)
        took = time.monotonic() - began
        assert process.stderr is not None
        said = process.stderr.read()

    assert (code, said) == (130, b"")
    assert took < slower()
    assert not Path(f"/proc/{child}").exists()
    assert [*work.iterdir(), *out.iterdir()] == []


def test_an_interrupt_while_code_is_made_ends_with_our_code_too(tmp_path: Path) -> None:
    fault = "exec('import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)')"
    door = f"import sys\nfrom friction import cli\ncli._run = lambda words: {fault}\nsys.exit(cli.main([]))"
    (tmp_path / "door.py").write_text(door)
    words = [sys.executable, "-m", "door"]

    ended = subprocess.run(words, env=ENVIRONMENT, cwd=tmp_path, check=False, capture_output=True)

    assert (ended.returncode, ended.stderr) == (130, b"")


def _child_of(pid: int) -> int:
    """The data process, as soon as it works."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in children:
            with suppress(OSError):  # it may end under the look
                if "polars" in Path(f"/proc/{child}/maps").read_text():
                    return int(child)
        time.sleep(0.02)
    raise AssertionError("no data process came up")


def test_a_terminal_without_unicode_sees_plain_signs(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "friction", "analyze", "rien.csv", "--lang", "fr"]
    environment = {**ENVIRONMENT, "PYTHONIOENCODING": "iso8859-1"}
    ended = subprocess.run(words, env=environment, cwd=tmp_path, capture_output=True, check=False)

    assert "friction : le fichier rien.csv n'existe pas" in ended.stderr.decode("iso8859-1")


def test_a_problem_on_a_pipe_is_one_line_of_json(friction: Run) -> None:
    assert json.loads(friction("inspect", "nothere", "--format", "json").err)["code"] == "input.missing"
