"""Nothing that is in an upload can hurt, and nothing is lost silently: over every case of the rack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from friction import isolate
from friction.errors import InputError
from tests.torture.case import CANARY
from tests.torture.claims import broken
from tests.torture.court import verdicts
from tests.torture.rack import rack

ANALYSED = 40
"""One case in so many is analysed to the end, not only read."""
ISOLATED = 60
"""One case in so many goes the whole way, with a process of its own."""


def test_whatever_a_file_holds_it_is_read_with_balanced_books_or_refused_by_name(tmp_path: Path) -> None:
    judged = verdicts(rack(), tmp_path, lambda at: at % ANALYSED == 0)

    assert len(judged) > 1_200
    assert broken(judged) == {}
    assert sum(verdict.code == "read" for verdict in judged) > 700, "what can be read is read"


def without_values(answer: bytes) -> bytes:
    """An inspection without the first values of its columns, which are shown on purpose, masked as they are kept."""
    told = json.loads(answer)
    for file in told.get("recognition", []):
        for column in file["columns"]:
            column["values"] = []
    return json.dumps(told).encode()


@pytest.mark.parametrize("place", range(20))
def test_through_a_process_of_its_own_it_is_a_result_or_an_error_of_the_input(
    place: int, tmp_path: Path
) -> None:
    case = rack()[place * ISOLATED]
    path = tmp_path / "upload"
    path.write_bytes(case.content)
    plan = {"command": "inspect", "inputs": [str(path)], "names": [case.file], "output": "answer.json"}

    with isolate.workspace():
        try:
            answer = without_values(isolate.run(plan, timeout_s=60).read_bytes())
        except InputError as error:
            answer = str(error.problem).encode()

    assert CANARY.encode() not in answer
