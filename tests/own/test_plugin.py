"""A package of somebody else, built, installed beside friction, and used: its detector is one like all others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "fixtures" / "plugin"
EVENTS = """timestamp,session_id,event,url,target,load_ms
2026-03-02T10:00:00.000Z,s1,page_view,https://shop.test/home,,4000
2026-03-02T10:00:01.100Z,s1,click,https://shop.test/home,a#offers,
2026-03-02T10:00:02.200Z,s1,click,https://shop.test/home,a#offers,
2026-03-02T10:00:09.300Z,s1,page_view,https://shop.test/offers,,300
2026-03-02T10:00:11.400Z,s1,click,https://shop.test/offers,a#lamp,
"""


def run(*words: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed, in an environment that knows nothing of this one."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FRICTION_"))
    }
    done = subprocess.run(words, cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment in which friction and the plug-in are installed.

    What friction needs is that of this environment, by a path; the plug-in is built and installed as a wheel.
    """
    folder = tmp_path_factory.mktemp("plugin")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=PLUGIN)
    venv.create(folder / "env", with_pip=False)
    inside = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "env")}))
    here = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(ROOT)}
    (inside / "friction-and-its-needs.pth").write_text("".join(f"{path}\n" for path in sorted(here)))
    wheel = next(folder.glob("*.whl"))
    install = ("-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", inside, wheel)
    run(sys.executable, *install, cwd=folder)
    return next(path for path in sorted((folder / "env").glob("*/python*")) if path.stem == "python")


def test_it_is_in_the_catalogue_with_its_docs_and_settings(python: Path, tmp_path: Path) -> None:
    shown = json.loads(
        run(python, "-m", "friction", "detectors", "show", "impatience", "--format", "json", cwd=tmp_path)
    )

    assert shown["title"] == "Impatience"
    assert shown["needs"] == ["has_clicks", "has_page_views", "has_perf"]
    assert shown["parameters"]["min_clicks"]["minimum"] == 1
    assert "impatience" in run(python, "-m", "friction", "detectors", "list", cwd=tmp_path)


def test_it_finds_and_is_ranked_in_its_own_words(python: Path, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS)
    words = (
        "-m",
        "friction",
        "analyze",
        "events.csv",
        "--detector",
        "impatience",
        "--format",
        "json",
        "--quiet",
    )
    report = json.loads(run(python, *words, cwd=tmp_path))

    assert [point["title"] for point in report["points"]] == ["People click on /home before it is there"]
    assert report["points"][0]["recommendation"]["text"].startswith("Show the parts")
    assert report["points"][0]["evidence"][0]["rows"] == [2, 3]
    assert [(each["name"], each["status"]) for each in report["detectors"]] == [("impatience", "ran")]


def test_its_thresholds_are_set_like_all_others(python: Path, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS)
    (tmp_path / "friction.toml").write_text("[detectors.impatience]\nmin_clicks = 3\n")
    words = (
        "-m",
        "friction",
        "analyze",
        "events.csv",
        "--detector",
        "impatience",
        "--format",
        "json",
        "--quiet",
    )

    assert json.loads(run(python, *words, cwd=tmp_path))["points"] == []
    found = json.loads(run(python, *words, "--set", "impatience.min_clicks=2", cwd=tmp_path))
    assert len(found["points"]) == 1


def test_what_the_file_lacks_makes_it_not_assessable(python: Path, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS.replace("load_ms", "other"))
    words = (
        "-m",
        "friction",
        "analyze",
        "events.csv",
        "--detector",
        "impatience",
        "--format",
        "json",
        "--quiet",
    )
    report = json.loads(run(python, *words, cwd=tmp_path))

    assert [(each["status"], each["reason"]) for each in report["detectors"]] == [
        ("skipped", "needs has_perf")
    ]


def test_its_own_tests_hold_with_the_kit(python: Path, tmp_path: Path) -> None:
    said = run(
        python, "-m", "pytest", "-q", "-p", "no:cacheprovider", PLUGIN / "test_impatience.py", cwd=tmp_path
    )

    assert "13 passed" in said
