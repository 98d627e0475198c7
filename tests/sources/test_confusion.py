"""No source takes the files of another: look-alikes, and the real samples where they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from friction.sources import recognise
from tests.sources.confusion import FIXTURES, claims

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
FILES = [path for path in sorted(FIXTURES.glob("*/*")) if path.suffix != ".md"]
REAL = {
    "access_log/elastic_apache_combined.log.gz": "access_log",
    "amplitude/fivetran_event.csv": "amplitude",
    "datadog/rum_action.json": "datadog",
    "datadog/rum_error.json": "datadog",
    "datadog/rum_long_task.json": "datadog",
    "datadog/rum_resource.json": "datadog",
    "datadog/rum_view.json": "datadog",
    "fullstory/hauser_groupByDay_1598745600.csv": "fullstory",
    "fullstory/hauser_json_1598745600.json": "fullstory",
    "ga4/velir_unit_rows.jsonl": "ga4",
    "har/browsertime_sitespeed.io.har": "har",
    "hubspot/fivetran_ticket.csv": "hubspot",
    "zendesk/fivetran_ticket.csv": "zendesk",
    "zendesk/fivetran_ticket_comment.csv": "zendesk",
    "har/capture-har_redirect-loop.har": "har",
    "har/firefox_www.nghttp2.org.har": "har",
    "mixpanel/fivetran_event.csv": "mixpanel",
    "otto/events.csv": "generic",
    "rrweb/chalk_25131bfa-d87f-4301-8f84-ac0c955b8f4c.json": "rrweb",
    "rrweb/chalk_30497eae-825d-433d-a484-4b75074332b2.json": "rrweb",
    "snowplow/golang_sdk_full_event.tsv": "snowplow",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_look_alike_is_claimed_by_its_own_source_alone(path: Path) -> None:
    for _, found in claims(path):
        sure = {name for name in found if name != "generic"}
        assert sure <= {path.parent.name}
        assert max(found, key=lambda name: found[name]) == path.parent.name


@pytest.mark.parametrize(("file", "source"), REAL.items())
def test_a_real_file_is_taken_for_what_it_is(file: str, source: str) -> None:
    path = SAMPLES / file
    if not path.is_file():
        pytest.skip("the real file is not there")

    assert recognise(path, "something.else")[0].name == source


def test_a_replay_record_of_datadog_is_no_recording_of_rrweb() -> None:
    path = SAMPLES / "datadog" / "replay_full-snapshot-v1-record.json"
    if not path.is_file():
        pytest.skip("the real file is not there")

    assert "rrweb" not in {name for _, found in claims(path) for name in found}
