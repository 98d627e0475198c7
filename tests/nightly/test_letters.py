"""Messages: the subject says the result, each recipient has a language, nothing is lost, nothing is said twice."""

from __future__ import annotations

import base64
import datetime as dt
import email
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from friction.config.nights import NotifySettings
from friction.i18n import language
from friction.nightly import screen
from friction.nightly.book import Book, Mark
from friction.nightly.days import moved
from friction.nightly.digest import Frame, digest
from friction.nightly.letters import Office, after_quiet
from friction.nightly.pulse import Trouble
from friction.nightly.scan import Done
from friction.nightly.state import State, as_json, from_json
from friction.nightly.telling import signature, tell
from friction.nightly.update import Told, update
from tests.nightly.made_up import FIRST, Place, Site, between
from tests.nightly.test_update import CHANGE, QUIET, lived

NOW = dt.datetime(2026, 2, 12, 4, 0, tzinfo=dt.UTC)
FRAME = Frame("Atelier Nove", "https://friction.example.com")


def a_night() -> Told:
    """One point new, after a release, one worse and one fixed, all in one night."""
    until = moved(CHANGE, -1)
    site = Site(
        [
            *QUIET,
            Place(
                "0a", between(0, 0.2, CHANGE), 0.4, page="/cart", target="button.apply", label="Apply code"
            ),
            Place(
                "0b",
                between(0.05, 0.3, CHANGE),
                0.4,
                page="/delivery",
                target="input.phone",
                label="Phone <b>",
            ),
            Place(
                "0c",
                between(0, 0.15, FIRST, until),
                0.4,
                page="/address",
                target="a.look-up",
                label="Look up",
            ),
        ]
    )
    book, _ = lived(site, moved(CHANGE, -1))
    book = replace(book, marks=(Mark(f"{CHANGE}T06:00:00Z", "2.31"),))
    _, said = lived(site, moved(CHANGE, 1), book)
    events = tuple(event for _, told in said for event in told.events)
    return replace(said[-1][1], events=events)


TOLD = a_night()


def letters(channels: dict[str, NotifySettings], told: Told = TOLD, now: dt.datetime = NOW) -> State:
    office = Office(FRAME, channels, "Europe/Paris", now)
    return office(State(book=told.book), told, None, told.book.nights[-1].date)


def plain(line: str) -> str:
    """With ordinary spaces."""
    return line.replace("\u202f", " ").replace("\u00a0", " ")


class Inbox:
    """A mail server's hands: keeps what comes, or refuses so many times."""

    def __init__(self, refuse: int = 0) -> None:
        self.mails: list[EmailMessage] = []
        self.refuse = refuse

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[str]:
    """A real SMTP server on this machine; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()


@contextmanager
def receiver(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A real HTTP receiver that answers with these codes in turn, the last for ever."""
    got: list[tuple[dict[str, str], bytes]] = []
    left = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = left.pop(0) if len(left) > 1 else left[0]
            got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_subject_says_the_result_in_the_language_of_the_recipient() -> None:
    english, french = (digest(TOLD, FRAME, language(code)) for code in ("en", "fr"))

    assert english is not None
    assert french is not None
    assert english.subject == "Atelier Nove: 1 new, 1 worse, 1 fixed"
    assert french.headline == "1 nouveau, 1 aggravé, 1 corrigé"


def test_a_scan_names_points_in_the_language_of_who_asks() -> None:
    done = Done([], [TOLD], objects=1, rows=2, known_rows=0)
    lines = screen.scan_lines(done, State(book=TOLD.book), language("fr"))

    assert any("On clique encore et encore sur « Apply code »" in plain(line) for line in lines)
    assert not any("again and again" in line for line in lines)


def test_every_item_has_a_sentence_a_range_and_a_link() -> None:
    found = digest(TOLD, FRAME, language("en"))

    assert found is not None
    for item in found.items:
        assert (
            item.link
            == f"https://friction.example.com/reports/{TOLD.book.nights[-1].report}/points/{item.point}"
        )
        assert "between" in item.cost
        assert item.bar is not None
    assert "since release 2.31" in found.items[0].what


def test_who_wants_only_what_is_new_hears_nothing_else() -> None:
    state = letters(
        {"a": NotifySettings(file="a.md", only=("new",)), "b": NotifySettings(file="b.md", only=("data",))}
    )

    assert [(letter.channel, letter.subject) for letter in state.letters] == [("a", "Atelier Nove: 1 new")]


def test_a_mail_arrives_as_text_and_html_with_a_name_that_never_changes() -> None:
    inbox = Inbox()
    with mail_server(inbox) as address:
        channel = {
            "team": NotifySettings(to=("ux@example.com",), smtp=address, lang="fr", sender="f@example.com")
        }
        for _ in range(2):
            tell(letters(channel), channel, Path(), NOW, lambda _: None, 0)

    first, second = inbox.mails
    assert first["Subject"] == "Atelier Nove\u202f: 1 nouveau, 1 aggravé, 1 corrigé"
    assert first["Message-ID"] == second["Message-ID"]
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content() for part in first.iter_parts())
    assert "« Phone <b> »" in text.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "<b>" not in html.split("</style>")[1]


def test_a_message_that_was_not_taken_waits_and_goes_out_with_the_next_run() -> None:
    inbox = Inbox(refuse=3)
    saved: list[State] = []
    with mail_server(inbox) as address:
        channel = {"team": NotifySettings(to=("ux@example.com",), smtp=address)}
        state = tell(letters(channel), channel, Path(), NOW, saved.append, 0)
        assert [letter.sent for letter in state.letters] == [None]
        assert from_json(as_json(state)) == state

        later = NOW + dt.timedelta(hours=1)
        state = tell(state, channel, Path(), later, saved.append, 0)

    assert len(inbox.mails) == 1
    assert state.letters[0].sent is not None
    assert state.letters[0].tries == 2


def test_a_broken_channel_keeps_no_other_from_hearing(tmp_path: Path) -> None:
    channels = {
        "broken": NotifySettings(to=("ux@example.com",), smtp="smtp://127.0.0.1:1"),
        "file": NotifySettings(file="digest.md"),
    }

    state = tell(letters(channels), channels, tmp_path, NOW, lambda _: None, 0)

    assert (tmp_path / "digest.md").read_text().startswith("# Atelier Nove: 1 new, 1 worse, 1 fixed")
    assert {letter.channel: letter.sent is not None for letter in state.letters} == {
        "broken": False,
        "file": True,
    }


def test_a_webhook_is_signed_tried_again_and_never_redirected() -> None:
    with receiver(503, 302, 200) as (address, got):
        channel = {
            "hook": NotifySettings(webhook=address, secret="whsec_" + base64.b64encode(b"key").decode())
        }
        state = tell(letters(channel), channel, Path(), NOW, lambda _: None, 0)

    assert state.letters[0].sent is not None
    assert len(got) == 3
    headers, body = got[-1]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(b"key", signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert {each[0]["webhook-id"] for each in got} == {state.letters[0].id}
    assert json.loads(body)["data"]["headline"] == "1 new, 1 worse, 1 fixed"
    assert signature("plain", "i", "1", b"x").startswith("v1,")


def test_a_webhook_over_plain_http_to_elsewhere_is_not_sent() -> None:
    channel = {"hook": NotifySettings(webhook="http://192.0.2.1/hook")}

    state = tell(letters(channel), channel, Path(), NOW, lambda _: None, 0)

    assert state.letters[0].fault == "needs_https"


def test_a_chat_hears_by_apprise() -> None:
    with receiver(200) as (address, got):
        url = address.replace("http://", "mmost://") + "/abcdefghijklmnopqrstuvwx"
        channel = {"chat": NotifySettings(url=url)}
        state = tell(letters(channel), channel, Path(), NOW, lambda _: None, 0)

    assert state.letters[0].sent is not None
    assert "1 new, 1 worse, 1 fixed" in got[0][1].decode()


@pytest.mark.parametrize(
    ("hour", "due"), [(3, "06:00"), (5, "06:00"), (6, "06:00"), (12, "12:00"), (19, "06:00"), (23, "06:00")]
)
def test_quiet_hours_are_kept(hour: int, due: str) -> None:
    """20:00 to 07:00 in Paris is 19:00 to 06:00 UTC in winter."""
    moment = dt.datetime(2026, 2, 12, hour, 0, tzinfo=dt.UTC)

    found = after_quiet(moment, "20:00-07:00", "Europe/Paris").astimezone(dt.UTC)

    assert found >= moment
    assert found.strftime("%H:%M") == due
    assert found - moment < dt.timedelta(hours=12)


def test_the_same_night_twice_is_one_letter() -> None:
    channel = {"file": NotifySettings(file="a.md")}
    office = Office(FRAME, channel, "UTC", NOW)
    state = letters(channel)

    again = office(state, TOLD, None, TOLD.book.nights[-1].date)

    assert len(again.letters) == 1


def test_a_quiet_week_is_one_line_on_its_day_and_silence_otherwise() -> None:
    site, channel = Site(QUIET), {"file": NotifySettings(file="a.md", weekly="monday", lang="fr")}
    book, state = Book(), State()
    said: list[str] = []
    for step in range(20):
        day = moved(FIRST, 27 + step)
        told = update(book, site.night(day), {})
        book = told.book
        now = dt.datetime.fromisoformat(f"{moved(day, 1)}T04:00:00+00:00")
        state = Office(FRAME, channel, "UTC", now)(replace(state, book=book), told, None, day)
        if len(state.letters) > len(said):
            said.append(now.strftime("%A"))

    assert said == ["Monday", "Monday"]
    assert (
        state.letters[0]
        .subject.replace("\N{NARROW NO-BREAK SPACE}", " ")
        .startswith("Atelier Nove : Semaine calme : 7 analyses,")
    )


@pytest.mark.parametrize("kind", ["data_stopped", "hours_missing", "tracking_broke", "fewer_visitors"])
def test_trouble_with_the_data_is_said_before_all_else(kind: Any) -> None:
    trouble = Trouble(kind, what="clicks", hours=(9, 14), share=0.02)

    found = digest(replace(TOLD, trouble=trouble), FRAME, language("en"))

    assert found is not None
    assert found.items[0].kind == "data"
    assert not found.headline.startswith("1 new")
