"""The API does what its description says, whatever it is sent; the description changes only on purpose."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api.operator import make_key
from tests.api import breaking
from tests.api.real import Server, serving

WRITTEN = Path(__file__).parents[2] / "api" / "openapi.json"
EXAMPLES = os.environ.get("FRICTION_API_EXAMPLES", "5")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("contract") / "data"
    before = os.umask(0o077)
    _, secret = make_key(data, None, "generated requests", "operator", "local", None, None)
    os.umask(before)
    with serving(data) as server:
        server.words = (str(secret),)
        yield server


def test_all_checks_hold_for_generated_requests(server: Server, tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("st")
    done = subprocess.run(
        [
            *(tool, "--config-file", Path(__file__).with_name("schemathesis.toml"), "run"),
            f"http://127.0.0.1:{server.port}/v1/openapi.json",
            *("--header", f"Authorization: Bearer {server.words[0]}"),
            *("--checks", "all", "--seed", "1", "--max-examples", EXAMPLES, "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-6000:]


def test_the_description_is_the_written_one(app: FastAPI) -> None:
    written = json.loads(WRITTEN.read_text(encoding="utf-8"))

    assert breaking.changes(written, app.openapi()) == [], "this would break programs that use the API"
    assert written == app.openapi(), "run `make docs`"


OPERATION: dict[str, Any] = {
    "parameters": [{"name": "a", "in": "query", "required": False}],
    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
}
SCHEMA: dict[str, Any] = {
    "properties": {"x": {"type": "string"}, "y": {"type": "integer"}},
    "required": ["x"],
}


def api(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return {"paths": {"/a": {"get": operation}}, "components": {"schemas": {"A": schema}}}


@pytest.mark.parametrize(
    ("operation", "schema", "said"),
    [
        (OPERATION, SCHEMA, []),
        (OPERATION, {**SCHEMA, "properties": {**SCHEMA["properties"], "z": {}}}, []),
        (OPERATION, {**SCHEMA, "properties": {"x": {"type": "string"}}}, ["A.y is gone"]),
        (
            OPERATION,
            {**SCHEMA, "properties": {**SCHEMA["properties"], "y": {"type": "string"}}},
            ["A.y: integer became string"],
        ),
        ({**OPERATION, "parameters": []}, SCHEMA, ["get /a: a is gone"]),
        (
            {**OPERATION, "parameters": [{"name": "a", "in": "query", "required": True}]},
            SCHEMA,
            ["get /a: a is required now"],
        ),
        ({**OPERATION, "responses": {}}, SCHEMA, ["get /a: 200 is gone"]),
    ],
)
def test_what_breaks_programs_is_told(
    operation: dict[str, Any], schema: dict[str, Any], said: list[str]
) -> None:
    assert breaking.changes(api(OPERATION, SCHEMA), api(operation, schema)) == said


def test_a_route_that_is_gone_is_told() -> None:
    assert breaking.changes(api(OPERATION, SCHEMA), {"paths": {}, "components": {}}) == [
        "get /a is gone",
        "A is gone",
    ]
