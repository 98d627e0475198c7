"""What operators install: linted, and in step with the command line. `make deploy` adds Helm and Kubernetes."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from api.jobs.worker import GRACE_S
from friction.cli.app import command

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
LONGEST_END_S = 30
"""Seconds within which the service has ended after SIGTERM."""


def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return content


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # as configparser's documentation does it
    parser.read(path, encoding="utf-8")
    return parser


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command line that a file starts, from the name of the command on."""
    (words,) = re.findall(r"^CMD (\[\"serve.*\])$", dockerfile(), re.MULTILINE)
    yield "Dockerfile", json.loads(words)
    for name in ("friction", "worker"):
        yield f"compose {name}", compose()["services"][name]["command"]
    for path in UNITS:
        if path.suffix == ".service":
            line = unit(path)["Service"]["ExecStart"].partition("/opt/friction/bin/friction ")[2]
            yield path.name, [word.strip("\"'") for word in line.split()]
    helpers = (DEPLOY / "chart" / "templates" / "_helpers.tpl").read_text(encoding="utf-8")
    where = re.findall(r"^- (--\S+)", helpers, re.MULTILINE)
    for name in ("statefulset", "backup"):
        text = (DEPLOY / "chart" / "templates" / f"{name}.yaml").read_text(encoding="utf-8")
        args = text[text.index("args:") :].partition("envFrom:")[0]
        yield f"chart {name}", re.findall(r"^\s+- ([a-z-]\S*)", args, re.MULTILINE) + where


COMMANDS = dict(commands())


@pytest.mark.parametrize("place", COMMANDS)
def test_every_command_line_is_one_that_friction_understands(place: str) -> None:
    name, *words = COMMANDS[place]
    known = {option for each in command([name]).commands[name].params for option in each.opts}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}

    assert used
    assert used <= known


def test_the_dockerfile_has_no_findings() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    run = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_image_runs_without_rights_and_says_how_it_is() -> None:
    last = dockerfile().rpartition("\nFROM ")[2]

    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*healthz", last.replace("\\\n", ""), re.MULTILINE)
    assert "/var/lib/friction" in last[last.index("VOLUME") :].splitlines()[0]
    assert "--require-hashes" in dockerfile()


def test_the_image_gets_what_the_wheel_is_built_from_and_nothing_else() -> None:
    """Everything is left out of the context but what is named."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    needed = ["pyproject.toml", "deploy/wheel.py", "README.md", "LICENSE", "requirements/base.lock"]
    needed += ["friction/__init__.py", "api/app.py", "fixtures/sites/shop/events.parquet"]

    assert lines[0] == "*"
    for path in needed:
        assert (ROOT / path).exists()
        assert any(path == each or path.startswith(f"{each}/") for each in allowed), path
    for path in (".git/config", ".env", "deploy/.env", "tests/conftest.py", ".venv/bin/python"):
        assert not any(fnmatch(path, each) or path.startswith(f"{each}/") for each in allowed), path


@pytest.mark.parametrize("name", ["friction", "worker"])
def test_a_service_of_the_compose_file_has_no_rights(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= set(compose()["volumes"])


def test_the_compose_file_holds_no_password_and_its_files_are_there() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    mounted = re.findall(r"- (\./[^:]+):", text)

    assert all("${" in line for line in text.splitlines() if re.search(r"^\s+\w*(PASSWORD|SECRET)\w*:", line))
    assert mounted
    assert all((DEPLOY / path).is_file() for path in mounted)
    subprocess.run(["sh", "-n", DEPLOY / "compose" / "role.sh"], check=True)


def test_whoever_ends_the_service_gives_it_the_time_it_takes() -> None:
    given = [
        int(compose()["services"][name]["stop_grace_period"].rstrip("s")) for name in ("friction", "worker")
    ]
    given += [
        int(unit(path)["Service"]["TimeoutStopSec"])
        for path in UNITS
        if "TimeoutStopSec" in path.read_text(encoding="utf-8")
    ]
    chart = (DEPLOY / "chart" / "templates" / "statefulset.yaml").read_text(encoding="utf-8")
    given += [int(each) for each in re.findall(r"terminationGracePeriodSeconds: (\d+)", chart)]

    assert len(given) == 5
    assert GRACE_S < LONGEST_END_S < min(given)


@pytest.mark.parametrize(
    "path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name
)
def test_a_unit_gives_away_no_more_than_it_needs(path: Path) -> None:
    service = unit(path)["Service"]

    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == (
        "friction",
        "yes",
        "strict",
    )
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="only systemd itself knows all of its words"
)
def test_systemd_has_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    """With a program that is there in the place of the one that is installed later."""
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/friction/bin/friction", "/bin/true")
        (tmp_path / path.name.replace("@.", "@1.")).write_text(text)
    words = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    run = subprocess.run(words, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout + run.stderr) == (0, "")


def test_the_values_of_the_chart_keep_its_own_schema() -> None:
    chart = DEPLOY / "chart"
    schema = json.loads((chart / "values.schema.json").read_text(encoding="utf-8"))
    values = yaml.safe_load((chart / "values.yaml").read_text(encoding="utf-8"))

    jsonschema.validate(values, schema)
    assert set(values) == set(schema["properties"]) - {"global"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**values, "database": "postgresql://friction:secret@db/friction"}, schema)


def test_every_value_that_a_template_asks_for_is_there() -> None:
    chart = DEPLOY / "chart"
    values = yaml.safe_load((chart / "values.yaml").read_text(encoding="utf-8"))
    asked = {
        found
        for path in (chart / "templates").iterdir()
        for found in re.findall(r"\.Values\.([A-Za-z.]+)", path.read_text(encoding="utf-8"))
    }

    for path in asked:
        place: Any = values
        for key in path.rstrip(".").split("."):
            assert key in place, path
            place = place[key]
