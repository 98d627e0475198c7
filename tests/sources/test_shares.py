"""Exports that are samples say what share of sessions was kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from friction.sources import recognise
from friction.sources.base import Options

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources"


def told(folder: Path, source: str, records: list[Any], *, lines: bool = True) -> float | None:
    path = folder / "export.json"
    text = "".join(json.dumps(one) + "\n" for one in records) if lines else json.dumps(records)
    path.write_text(text, encoding="utf-8")
    found, _, file = recognise(path, path.name)
    assert found.name == source
    share: float | None = found.read(file, Options()).facts.get("sampled")
    return share


def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("rate", "share"), [(0.1, 0.1), (1, None), (None, None)])
def test_amplitude_says_what_share_it_kept(tmp_path: Path, rate: float | None, share: float | None) -> None:
    made = [{**one, "sample_rate": rate} for one in records("amplitude/hour.jsonl")]

    assert told(tmp_path, "amplitude", made) == share


@pytest.mark.parametrize(
    ("drawn", "share"), [("sampleBySessionId", 0.2), ("sampleByDistinctId", 0.2), ("sampleByEvent", None)]
)
@pytest.mark.parametrize("is_text", [False, True])
def test_posthog_says_what_share_of_sessions_it_kept(
    tmp_path: Path, drawn: str, share: float | None, is_text: bool
) -> None:
    made = records("posthog/batch.jsonl")
    for one in made:
        more = {**one["properties"], "$sample_threshold": 0.2, "$sample_type": [drawn]}
        one["properties"] = json.dumps(more) if is_text else more

    assert told(tmp_path, "posthog", made) == share


@pytest.mark.parametrize(("rate", "share"), [(0.25, 0.25), (1.0, None), (0, None)])
def test_sentry_says_what_share_of_sessions_it_records(
    tmp_path: Path, rate: float, share: float | None
) -> None:
    segments = json.loads((FIXTURES / "sentry" / "segments.json").read_text(encoding="utf-8"))
    options = {"tag": "options", "payload": {"sessionSampleRate": rate, "errorSampleRate": 1}}
    first = segments[0][0]["timestamp"]
    segments[0].append({"type": 5, "timestamp": first, "data": options})

    assert told(tmp_path, "sentry", segments, lines=False) == share
