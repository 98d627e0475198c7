"""Exports of counts are recognised, and refused with the reason: nothing in them is an event."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from friction.errors import InputError
from friction.sources import recognise
from friction.sources.base import Options

HOTJAR = (
    "Recording URL,Publicly Shared,Already Watched,Comments,Labels,Created,New / Returning,Hotjar User ID,Country,"
    "Action Count,Page Count,Duration (seconds),Device,Device Screen Size,Browser,Operating System,Referrer URL,"
    "Landing Page URL,Exit Page URL,Rage Clicks,U-Turns,Incoming Feedback,Net Promoter Score®,Events\n"
    + "https://insights.example/r?site=1&recording=7,False,False,N/A,N/A,2026-03-02T08:00:00,New,1a2b3c4d,FR,"
    "12,3,95,Desktop,1440 X 779,Firefox,Linux,N/A,https://shop.example/,https://shop.example/cart,1,0,N/A,N/A,N/A\n"
    * 3
)
CLARITY = [
    {"metricName": "Traffic", "information": [{"totalSessionCount": "20", "URL": "https://shop.example/"}]},
    {"metricName": "RageClickCount", "information": [{"sessionsCount": "20", "subTotal": "3"}]},
]
MOUSEFLOW = {
    "recordings": [{"id": "a", "duration": 12000, "engagementTime": 9000, "pages": 3, "tags": ["click-rage"]}]
}
LINKS = {"targets": [{"path": "a#buy", "clicks": 20, "clickRages": 3, "hoverTime": 400}]}
PLAUSIBLE = (
    "date,hostname,page,visits,visitors,pageviews,total_scroll_depth\n2026-03-02,shop.example,/,4,3,5,200\n"
)
FILES = {
    "hotjar": [HOTJAR, HOTJAR.replace("Score®", "ScoreÂ®").replace("Events\n", "Events,Note\n", 1)],
    "clarity": [json.dumps(CLARITY), json.dumps(CLARITY, indent=1)],
    "mouseflow": [json.dumps(MOUSEFLOW), json.dumps(LINKS)],
    "plausible": [PLAUSIBLE],
}
CASES = [(name, content) for name, contents in FILES.items() for content in contents]


@pytest.mark.parametrize(("name", "content"), CASES, ids=[name for name, _ in CASES])
def test_counts_of_a_tool_are_refused_and_the_tool_is_named(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text(content, encoding="utf-8")

    source, sure, file = recognise(path, "export")

    assert (source.name, sure > 0.9) == (name, True)
    with pytest.raises(InputError) as caught:
        source.read(file, Options())
    assert caught.value.problem.code == "input.counted_by_vendor"
    assert caught.value.problem.remedy
