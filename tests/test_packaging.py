"""The wheel holds what an installation needs, in nobody's way; the locks and the tree stay clean."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import friction

ROOT = Path(__file__).parent.parent
LOCKS = sorted(ROOT.glob("requirements/*.lock"))


def clean() -> dict[str, str]:
    """The environment without what could lead a new interpreter back to the checkout."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, cwd=cwd, env=clean(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with this wheel, beside the packages that the tests run with."""
    home = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", home / "env", cwd=home)
    bin_folder = home / "env" / "bin"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", bin_folder / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=home)
    site = next((home / "env" / "lib").glob("python*/site-packages"))
    (site / "beside.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return bin_folder


def names_in(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_puts_one_package_at_the_top(wheel: Path) -> None:
    top = {name.split("/")[0] for name in names_in(wheel)}

    assert top == {"friction", f"friction_analyser-{friction.__version__}.dist-info"}


def test_the_wheel_holds_all_of_friction_and_the_service(wheel: Path) -> None:
    wanted = [path.relative_to(ROOT).as_posix() for path in (ROOT / "friction").rglob("*.py")]
    service = [path.relative_to(ROOT / "api").as_posix() for path in (ROOT / "api").rglob("*.py")]
    wanted += [f"friction/server/{name}" for name in service]

    assert set(wanted) | {"friction/py.typed"} <= set(names_in(wheel))


def test_the_readme_is_what_the_wheel_says_about_itself(wheel: Path) -> None:
    about = (
        zipfile.ZipFile(wheel).read(f"friction_analyser-{friction.__version__}.dist-info/METADATA").decode()
    )

    assert "Description-Content-Type: text/markdown" in about
    assert about.endswith((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_wheel_holds_both_samples_of_the_demo_and_not_what_made_them(wheel: Path) -> None:
    sites = ROOT / "fixtures" / "sites"
    files = [*sites.glob("shop/*"), *sites.glob("recorded/truth.json"), *sites.glob("recorded/recordings/*")]
    wanted = {f"friction/demo/{path.relative_to(sites).as_posix()}" for path in files}

    assert len(wanted) > 20
    assert {name for name in names_in(wheel) if name.startswith("friction/demo/")} == wanted


def test_the_installed_command_says_its_version(installed: Path) -> None:
    assert friction.__version__ in run(installed / "friction", "--version", cwd=installed)


def test_the_installed_command_runs_the_demo(installed: Path) -> None:
    assert run(installed / "friction", "demo", cwd=installed)


def test_the_installed_package_is_the_wheel_s_and_not_the_checkout(installed: Path) -> None:
    code = "import friction, friction.server; print(friction.__file__, friction.server.__file__)"

    assert str(ROOT) not in run(installed / "python", "-c", code, cwd=installed)


@contextmanager
def serving(installed: Path) -> Iterator[str]:
    """The installed service on a free port; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with subprocess.Popen(
        (installed / "friction", "serve", "--port", port, "--data-dir", installed / "data"),
        cwd=installed,
        env=clean(),
    ) as service:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            service.terminate()


def answered(address: str) -> httpx2.Response:
    """The first answer of a service that is about to start; gives up after 90 seconds."""
    deadline = time.monotonic() + 90
    while True:
        try:
            return httpx2.get(address, timeout=10, trust_env=False)
        except httpx2.ConnectError:
            assert time.monotonic() < deadline, "the service does not start"
            time.sleep(0.05)


def test_the_installed_service_starts_and_answers(installed: Path) -> None:
    with serving(installed) as address:
        answer = answered(f"{address}/healthz")

    assert answer.json() == {"status": "ok", "version": friction.__version__}


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: Path) -> dict[str, set[str]]:
    """Version numbers by name; a package may have several, for different Pythons."""
    found: dict[str, set[str]] = {}
    text = lock.read_text(encoding="utf-8")
    for name, version in re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_declared_package_is_locked_to_a_version_that_fits(lock: Path) -> None:
    about, groups = project(), project()["dependency-groups"]
    wanted = about["project"]["dependencies"] + about["project"]["optional-dependencies"]["server"]
    if lock.stem != "base":
        wanted = [*wanted, *groups["dev"]] if lock.stem == "dev" else groups[lock.stem]
    locked = pins(lock)
    unmet = [
        need
        for need in map(Requirement, wanted)
        if not any(map(need.specifier.contains, locked.get(canonicalize_name(need.name), ())))
    ]

    assert not unmet, "run `make lock`"


def test_make_help_lists_the_commands_of_everyday_work() -> None:
    listed = [line.split()[1] for line in run("make", "--no-print-directory", "help", cwd=ROOT).splitlines()]

    everyday = "help setup demo check fix test messages docs web picture fuzz bench rack truth nights record e2e-long"

    assert listed == [*everyday.split(), "deploy", "spark", "serve", "clean"]


def test_the_readme_begins_with_the_demo_and_the_tests() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_block = readme.split("```")[1].splitlines()[1:]

    assert [line.split("#")[0].strip() for line in first_block] == ["make demo", "make test"]


def tracked_texts() -> dict[str, str]:
    """All files in git that are text, by name."""
    names = run("git", "ls-files", "-z", cwd=ROOT).split("\0")
    texts = {}
    for name in filter(None, names):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in content[:8192]:
            texts[name] = content.decode("utf-8", "replace")
    return texts


DOWNLOADS = re.compile(
    r"--(?:extra-)?index-url|--find[-]links|\"resolved\": *\"https?:"
    r"|files\.pythonhosted|pypi\.org/simple|registry\.npmjs"
)


def test_no_file_in_git_names_a_place_to_download_from() -> None:
    locks = [path.name for path in LOCKS if "://" in path.read_text(encoding="utf-8")]
    texts = [name for name, text in tracked_texts().items() if DOWNLOADS.search(text)]

    assert not locks + texts


ABSOLUTE = re.compile(r"(?<![\w.:/*<>{}-])/(?!usr/|bin/|etc/|var/|dev/|proc/|sys/)[\w.-]+(?:/[\w.-]+)+")


def test_no_file_in_git_holds_a_path_of_this_machine() -> None:
    written = {name: set(ABSOLUTE.findall(text)) for name, text in tracked_texts().items()}
    found = {(name, path) for name, paths in written.items() for path in paths if Path(path).exists()}

    assert not found
