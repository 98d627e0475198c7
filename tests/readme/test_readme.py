"""What the README says is so: its commands run, its tables are current, its links lead somewhere."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from friction import sources
from friction.schema import EVENT
from tests.readme import sandbox, tables
from tests.readme.page import README, ROOT, Block, anchors, blocks, links
from tests.readme.tools import TOOLS

PAGE = README.read_text(encoding="utf-8")
CONSOLE = blocks(PAGE, "console")
OURS = [block for block in CONSOLE if not re.search(r"^(make|curl) ", block.text, re.MULTILINE)]
CURL = [block for block in CONSOLE if block.text.startswith("curl ")]
MAKE = sorted(
    {
        line.split("#")[0].strip()
        for block in CONSOLE
        for line in block.text.splitlines()
        if line.startswith("make ")
    }
)
KNOWN = ("make demo", "make serve", "make test")


def at(block: Block) -> str:
    return f"line-{block.line}"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sandbox.build(tmp_path_factory.mktemp("readme"))


@pytest.fixture
def folder(files: Path, tmp_path: Path) -> Path:
    """A copy of the files for one block alone, with those that the README itself spells out."""
    home = shutil.copytree(files, tmp_path / "home")
    sandbox.write_files(blocks(PAGE, "toml"), home)
    return home


@pytest.mark.parametrize("block", OURS, ids=at)
def test_every_command_does_what_it_says(block: Block, folder: Path) -> None:
    sandbox.run(block, folder)


def test_every_block_is_run_by_one_of_these_tests() -> None:
    assert set(re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)) == {"console", "python", "sql", "toml"}
    assert tuple(MAKE) == KNOWN
    assert len(OURS) + len(CURL) + sum(block.text.startswith("make ") for block in CONSOLE) == len(CONSOLE)


def test_make_help_lists_every_command_that_the_page_names() -> None:
    listed = re.findall(
        r"^make ([\w-]+)", sandbox.shell("make --no-print-directory help", ROOT), re.MULTILINE
    )

    assert set(re.findall(r"`make ([\w-]+)`", PAGE)) <= {*listed, "help"}


def test_make_demo_ends_with_the_report() -> None:
    assert "Start with" in sandbox.shell("make --no-print-directory --old-file .venv/ready demo", ROOT)


def test_make_test_runs_the_tests() -> None:
    only = {"PYTEST_ADDOPTS": "tests/test_face.py", "MAKEFLAGS": ""}

    assert " passed" in sandbox.shell("make -o .venv/ready -o browser test", ROOT, **only)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The service as `make serve` starts it, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    recipe = sandbox.shell(
        "make --dry-run --no-print-directory --old-file .venv/ready --old-file web serve", ROOT
    )
    data = str(tmp_path_factory.mktemp("service") / "data")
    command = [*shlex.split(recipe), "--port", str(number), "--data-dir", data]
    with subprocess.Popen(command, cwd=ROOT) as service:
        try:
            wait_until_ready(number)
            yield number
        finally:
            service.terminate()


def wait_until_ready(port: int) -> None:
    """The server and its worker are three interpreters, which take a while on a busy machine."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(httpx2.TransportError):
            if httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=10, trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the service does not start")


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_service_answers_as_the_readme_asks_it(folder: Path, port: int) -> None:
    for line in CURL[0].text.splitlines():
        patient = line.replace("curl ", "curl --header 'Prefer: wait=60' ", 1)
        answer = sandbox.run(Block("console", patient, CURL[0].line), folder, port=port)
        assert json.loads(answer)["input"]["sessions"] == 400


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_each_answer_of_the_readme_s_jobs_names_the_next_thing(folder: Path, port: int) -> None:
    names: dict[str, str] = {}
    for line in CURL[1].text.splitlines():
        asked = line.replace("curl ", "curl --silent --fail-with-body ", 1)
        for placeholder, name in names.items():
            asked = asked.replace(placeholder, name)
        answer = sandbox.run(Block("console", asked, CURL[1].line), folder, port=port)
        for kind, name in re.findall(r'"(upload|job|report)_id":\s*"([^"]+)"', answer):
            names[{"upload": "upl", "job": "job", "report": "rep"}[kind] + "_…"] = name
        if '"points":' in answer:
            names["POINT"] = json.loads(answer)["points"][0]["id"]
        if line.endswith("/evidence"):
            assert json.loads(answer)["evidence"][0]["rows"]

    assert "friction" in (folder / "report.html").read_text(encoding="utf-8")


SERVED = [block for block in blocks(PAGE, "python") if ":8000" in block.text]


@pytest.mark.parametrize("block", SERVED, ids=at)
def test_the_client_of_the_readme_runs(block: Block, folder: Path, port: int) -> None:
    code = block.text.replace(":8000", f":{port}")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=folder, check=True, capture_output=True, text=True
    )

    assert done.stdout


@pytest.mark.parametrize("block", [one for one in blocks(PAGE, "python") if one not in SERVED], ids=at)
def test_the_python_of_the_readme_runs(block: Block, folder: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", block.text], cwd=folder, check=True)

    assert json.loads((folder / "report.json").read_bytes())["points"]


@pytest.mark.parametrize("block", blocks(PAGE, "sql"), ids=at)
def test_the_columns_a_query_makes_are_recognised(block: Block, tmp_path: Path) -> None:
    names = re.findall(r" AS (\w+),?$", block.text, re.MULTILINE)
    values = {"timestamp": "2026-03-02T10:00:00.250Z", "event": "page_view", "url": "https://shop.test/"}
    row = ",".join(values.get(name, f"{name}1") for name in names)
    (tmp_path / "table.csv").write_text(f"{','.join(names)}\n{row}\n")

    said = json.loads(sandbox.shell("friction inspect table.csv --format json", tmp_path))

    understood = said["files"][0]["facts"]["columns"]
    assert set(understood) == set(names)
    assert set(understood.values()) == {"ts", "session_id", "visitor_id", "kind", "url", "device"}


def test_columns_that_are_named_are_recognised_by_that_name() -> None:
    table = PAGE[PAGE.index("| column | holds |") : PAGE.index("The more of them")]
    named = {word for line in table.split("\n")[2:-2] for word in re.findall(r"`(\w+)`", line.split("|")[1])}

    assert named - set(EVENT) == {"timestamp", "event"}


def test_the_catalogue_of_detectors_is_current() -> None:
    assert tables.catalogue() in PAGE, "run `make docs`"


def test_the_catalogue_of_presets_is_current() -> None:
    assert tables.preset_table() in PAGE, "run `make docs`"


def test_no_tool_is_said_to_be_read_directly_that_is_not() -> None:
    """The table may lag behind a source that has just come; it may not promise one that is not there."""
    said = {
        tool.source
        for tool in TOOLS
        if re.search(rf"^\| {tool.name} \|.*\| directly \|$", PAGE, re.MULTILINE)
    }

    assert tables.tools(said) in PAGE, "run `make docs`"
    assert said <= {source["name"] for source in sources.catalogue()}


def test_every_link_leads_somewhere() -> None:
    inside = {link.target[1:] for link in links(PAGE) if link.target.startswith("#")}
    files = {link.target.partition("#")[0] for link in links(PAGE) if not link.target.startswith("#")}

    assert inside <= anchors(PAGE)
    assert not [name for name in files if "://" in name or not (ROOT / name).is_file()]


def test_every_picture_is_described() -> None:
    assert not [link for link in links(PAGE) if link.is_picture and len(link.words) < 20]
