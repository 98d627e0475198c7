"""Objects of a bucket: which are taken, what is said when something is wrong, and that no key is ever shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from friction.config import Settings
from friction.errors import FrictionError, LimitError
from friction.fetch import buckets, credentials
from friction.fetch.budget import Budget
from friction.isolate.process import environment
from friction.limits import Limits
from friction.places import fetched, listed, parse
from friction.places.fetching import KEPT
from tests.cli.conftest import Run
from tests.places.conftest import KEY, SECRET

pytestmark = pytest.mark.usefixtures("credentials")

LINE = b"timestamp,session_id,url\n2026-05-01T10:00:00Z,s1,/a\n"
FILES = ("list/a.csv", "list/b.csv", "list/deep/c.csv", "list/_SUCCESS", "list/.hidden/d.csv", "listed.csv")


@pytest.fixture(autouse=True)
def _objects(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for name in FILES:
        bucket.put(name, LINE)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("s3://shop/list/a.csv", ["list/a.csv"]),
        ("s3://shop/list", ["list/a.csv", "list/b.csv", "list/deep/c.csv"]),
        ("s3://shop/list/", ["list/a.csv", "list/b.csv", "list/deep/c.csv"]),
        ("s3://shop/list/*.csv", ["list/a.csv", "list/b.csv"]),
        ("s3://shop/list/**/*.csv", ["list/a.csv", "list/b.csv", "list/deep/c.csv"]),
        ("s3://shop/list/[b-z].cs?", ["list/b.csv"]),
    ],
)
def test_objects_folders_and_patterns_are_what_they_are_on_disk(
    address: str, names: list[str], workspace: Path
) -> None:
    assert workspace.is_dir()
    assert [item.name for item in listed(parse(address), Settings())] == [
        f"s3://shop/{name}" for name in names
    ]


def test_only_what_changed_is_fetched(bucket: Any, workspace: Path) -> None:
    """As a scan does it: what is there now against what was there the last time."""
    place, settings = parse("s3://shop/list/*.csv"), Settings()
    before = {item.name: item.mark for item in listed(place, settings)}
    bucket.put("list/b.csv", LINE + LINE)
    now = listed(place, settings)

    changed = [item.name for item in now if before.get(item.name) != item.mark]
    (brought,) = fetched(place, workspace, settings, only=changed)

    assert (brought.name, brought.size) == ("s3://shop/list/b.csv", len(LINE) * 2)
    assert Path(brought.path).read_bytes() == LINE + LINE


def test_an_object_that_changes_between_listing_and_fetching_is_noticed(bucket: Any, tmp_path: Path) -> None:
    place = parse("s3://shop/list/a.csv")
    stale = {"path": "list/a.csv", "size": len(LINE), "e_tag": '"of-another-day"'}

    with pytest.raises(FrictionError) as caught:
        buckets._copy(bucket, [(stale, tmp_path / "a")], place, Budget(Limits()), None)

    assert caught.value.problem.code == "place.changed"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("s3://shop/nothing.csv", "place.missing"),
        ("s3://shop/nothing/*.csv", "place.missing"),
        ("s3://no-such-bucket/a.csv", "place.missing"),
    ],
)
def test_what_is_not_there_is_said_without_a_word_of_the_library(
    friction: Run, address: str, code: str
) -> None:
    outcome = friction("inspect", address, "--verbose", "--format", "json")

    assert (outcome.code, outcome.out) == (3, "")
    assert f'"code": "{code}"' in outcome.err
    assert not any(word in outcome.err for word in (KEY, SECRET, "127.0.0.1", "xml", "Error performing"))


class Refusing(BaseHTTPRequestHandler):
    """A bucket that lets nobody in, and repeats what it was told."""

    def do_HEAD(self) -> None:
        """403 to everything."""
        self.send_response(403)
        self.end_headers()
        self.wfile.write(str(self.headers).encode() if self.command == "GET" else b"")

    do_GET = do_HEAD

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing(credentials: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    assert credentials is None, "which must come first"
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("refusing")
def test_credentials_that_are_refused_are_never_shown(friction: Run) -> None:
    outcome = friction("analyze", "s3://shop/list/a.csv", "--verbose")

    assert outcome.code == 3
    assert "place.refused" in outcome.err
    assert not any(word in outcome.err for word in (KEY, SECRET, "AWS4-HMAC"))


def test_nobody_there_is_said_at_once(friction: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    outcome = friction("analyze", "s3://shop/list/a.csv")

    assert (outcome.code, "place.unreachable" in outcome.err) == (3, True)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"objects": 2}, "limit.objects"),
        ({"size": len(LINE) - 1}, "limit.size"),
        ({"fetched": len(LINE) * 2}, "limit.fetched"),
    ],
)
def test_too_much_is_refused_before_it_comes(limits: dict[str, int], code: str, tmp_path: Path) -> None:
    with pytest.raises(LimitError) as caught:
        buckets.fetched(parse("s3://shop/list/"), tmp_path, None, Budget(Limits(**limits)), lambda *_: None)

    assert caught.value.problem.code == code
    assert not list(tmp_path.iterdir())


def test_bytes_beyond_what_was_announced_are_counted_as_they_come() -> None:
    budget = Budget(Limits(fetched=10))
    budget.take(10, "s3://shop/a")

    with pytest.raises(LimitError, match="more than 10 bytes would be fetched"):
        budget.take(1, "s3://shop/a")


def test_who_reads_gets_no_credentials_and_who_fetches_gets_no_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRICTION_PRIVACY__KEY", "k")

    reader, fetcher = environment({}, tmp_path), environment({"keeps": KEPT}, tmp_path)

    assert not any(name.startswith(KEPT) for name in reader)
    assert fetcher["AWS_SECRET_ACCESS_KEY"] == SECRET
    assert "FRICTION_PRIVACY__KEY" not in fetcher


def test_a_profile_of_amazons_own_files_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = D\n[shop]\naws_access_key_id = S\naws_secret_access_key = T\n"
    )
    (tmp_path / ".aws" / "config").write_text("[profile shop]\nregion = eu-west-3\n")
    monkeypatch.setenv("AWS_PROFILE", "shop")

    assert credentials._profile() == {
        "AWS_ACCESS_KEY_ID": "S",
        "AWS_SECRET_ACCESS_KEY": "T",
        "AWS_REGION": "eu-west-3",
    }


def test_a_source_has_credentials_of_its_own(
    friction: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody-else")
    (tmp_path / "shop.env").write_text(
        f"# of the shop\nexport AWS_ACCESS_KEY_ID='{KEY}'\nAWS_REGION=eu-west-3\n"
    )
    (tmp_path / "friction.toml").write_text(
        '[sources.shop]\nat = "s3://shop/list/a.csv"\ncredentials = "shop.env"\n'
    )

    outcome = friction("inspect", "source:shop")

    assert outcome.code == 0
    assert "s3://shop/list/a.csv" in outcome.out
    assert KEY not in outcome.out + outcome.err
