"""Logs of web servers: every layout tells the same requests; units, machines, broken lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from friction.schema import conform
from friction.sources import recognise
from friction.sources.access_log import AccessLog
from friction.sources.base import Options, Reading
from friction.sources.fields import found
from friction.tables.files import look
from friction.testing.exports import VISITS, made
from friction.testing.exports.visits import BOT, steps

FIXTURES = Path(__file__).parents[2] / "fixtures" / "sources" / "access_log"
SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "access_log" / "elastic_apache_combined.log.gz"
LINE = '192.0.2.1 - - [02/Mar/2026:08:00:00 +0100] "{}" {} 512 "{}" "{}"\n'


def reading(path: Path) -> Reading:
    return AccessLog().read(look(path, path.name), Options())


def rows(path: Path) -> pl.DataFrame:
    return conform(reading(path).events).collect()


def logged(
    folder: Path, *lines: str, request: str = "GET / HTTP/1.1", status: int = 200, agent: str = "Firefox/130"
) -> pl.DataFrame:
    path = folder / "access.log"
    own = LINE.format(request, status, "-", agent)
    path.write_text("".join(lines) or own * 3, encoding="utf-8")
    return rows(path)


@pytest.mark.parametrize("file", made("access_log"))
def test_every_layout_tells_every_request_and_every_page(file: str) -> None:
    told = [step for step in steps(VISITS) if step.what in {"view", "request"}]
    views = [step for step in told if step.what == "view"]

    frame = rows(FIXTURES / file)

    assert frame.filter(kind="request").height == len(told)
    assert frame.filter(kind="page_view").height == len(views)
    assert frame["visitor_id"].n_unique() == len({step.visitor for step in told})
    pages = frame.filter(kind="page_view")["url"].str.replace("^https://[^/]+", "").sort()
    assert pages.to_list() == sorted(step.path for step in views)
    first = min(step.at for step in told)
    assert frame["ts"].min() in {first, first.replace(microsecond=0)}


@pytest.mark.parametrize(
    "file",
    [
        *("timed.log", "iis.log", "cloudfront.log", "balancer.log"),
        *("nginx.jsonl", "caddy.jsonl", "traefik.jsonl"),
    ],
)
def test_micro_milli_nano_and_whole_seconds_become_milliseconds(file: str) -> None:
    assert rows(FIXTURES / file).filter(kind="request")["duration_ms"].unique().to_list() == [250.0]


@pytest.mark.parametrize(("behind", "took"), [("250000", 250.0), ("0.250", 250.0), ("2", 2000.0)])
def test_the_time_behind_a_line_is_apaches_or_that_of_nginx(tmp_path: Path, behind: str, took: float) -> None:
    line = LINE.format("GET / HTTP/1.1", 200, "-", "Firefox").replace("\n", f" {behind}\n")

    assert logged(tmp_path, *[line] * 3).filter(kind="request")["duration_ms"].to_list() == [took] * 3


@pytest.mark.parametrize("file", ["iis.log", "cloudfront.log", "caddy.jsonl"])
def test_agents_are_read_as_they_were_sent(file: str) -> None:
    frame = rows(FIXTURES / file)

    assert set(frame["browser"]) == {"Firefox", "Safari"}
    assert set(frame["os"]) == {"Linux", "iOS"}
    assert set(frame["device"]) == {"desktop", "mobile"}


def test_the_offset_of_the_line_counts(tmp_path: Path) -> None:
    assert logged(tmp_path)["ts"][0].isoformat() == "2026-03-02T07:00:00+00:00"


@pytest.mark.parametrize(
    ("request_", "status", "views"),
    [
        *(("GET /a HTTP/1.1", 200, 1), ("GET /a HTTP/1.1", 304, 1), ("GET /a HTTP/1.1", 404, 1)),
        *(("POST /a HTTP/1.1", 500, 1), ("GET /a HTTP/1.1", 301, 0), ("GET /api/a HTTP/1.1", 404, 0)),
        *(
            ("POST /a HTTP/1.1", 200, 0),
            ("GET /a/b.png?v=2 HTTP/1.1", 200, 0),
            ("GET /api/a HTTP/1.1", 200, 0),
        ),
        *(("\\x16\\x03\\x01", 400, 0), ("-", 408, 0)),
    ],
)
def test_only_a_page_that_was_shown_is_a_view(tmp_path: Path, request_: str, status: int, views: int) -> None:
    frame = logged(tmp_path, request=request_, status=status)

    assert frame.filter(kind="page_view").height == 3 * views
    assert frame.filter(kind="request").height == 3


def test_machines_are_marked_and_people_are_not(tmp_path: Path) -> None:
    assert set(logged(tmp_path, agent=BOT)["is_bot"]) == {True}
    assert set(logged(tmp_path, agent=steps(1)[0].agent)["is_bot"]) == {False}


def test_an_address_of_a_visitor_is_never_kept(tmp_path: Path) -> None:
    frame = logged(tmp_path)

    texts = frame.select(pl.col(pl.String)).unpivot()["value"].drop_nulls()
    assert not texts.str.contains("192.0.2.1", literal=True).any()


def test_a_header_that_comes_again_is_no_reject() -> None:
    found = reading(FIXTURES / "iis.log")

    assert found.rejects.is_empty()
    assert found.line_of is not None
    assert found.line_of([1]) == [5]


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the real log is not there")
def test_of_the_real_log_one_line_is_a_reject_and_machines_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(gzip.decompress(SAMPLE.read_bytes()))
    source, _, file = recognise(path, "log")

    found = source.read(file, Options())
    frame = conform(found.events).collect().filter(kind="request")

    assert source.name == "access_log"
    assert found.rejects.rows() == [(8899, 8899, None, "not_a_log_line")]
    assert frame.height == 9_999
    assert frame.filter(http_status=404).height == 213
    assert 1_290 <= frame.filter("is_bot").height < 2_500


def test_the_request_of_a_line_is_no_object_to_be_opened() -> None:
    path = FIXTURES / "combined.log"
    source, _, file = recognise(path, path.name)
    assert isinstance(source, AccessLog)

    known = found(source.table(file, Options()), source.fields)

    assert known.folded == {}
