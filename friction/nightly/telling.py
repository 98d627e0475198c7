"""Letters on their way: mail, chats, webhooks, files. One that is not taken waits and is tried again; none is lost.

A letter may arrive twice, when the process ends between the taking and the note of it; its id stays the same (the
`Message-ID` of a mail, the `webhook-id` of a webhook), so a receiver can tell.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import logging
import smtplib
import ssl
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from friction.files import write
from friction.nightly.state import Letter, State, stamp

if TYPE_CHECKING:
    from friction.config.nights import NotifySettings

LOG = logging.getLogger("friction.telling")
TIMEOUT_S = 20.0
TRIES, PAUSE_S = 3, 2.0
"""Within one run."""
FIRST_WAIT_S, LONGEST_WAIT_S = 300, 6 * 3600
"""Until the next run may try again."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Untaken(Exception):
    """The letter was not taken; the text says why, without address or content."""


def tell(
    state: State,
    channels: Mapping[str, NotifySettings],
    folder: Path,
    now: dt.datetime,
    save: Callable[[State], None],
    pause_s: float = PAUSE_S,
) -> State:
    """Send what waits and is due, one after the other, and `save` after each; paths are seen from `folder`."""
    for letter in state.waiting(now):
        channel = channels.get(letter.channel)
        if channel is None:  # its recipient was taken out of the configuration
            state = state.with_letter(replace(letter, sent=stamp(now), fault="no_channel"))
        else:
            state = state.with_letter(_tried(letter, channel, folder, now, pause_s))
        save(state)
    return state


def _tried(letter: Letter, channel: NotifySettings, folder: Path, now: dt.datetime, pause_s: float) -> Letter:
    for attempt in range(TRIES):
        try:
            send(letter, channel, folder)
        except Untaken as fault:
            LOG.warning("a message was not taken", extra={"channel": letter.channel, "why": str(fault)})
            why = str(fault)
            if attempt < TRIES - 1:
                time.sleep(pause_s * (attempt + 1))
        else:
            return replace(letter, sent=stamp(now), tries=letter.tries + 1, fault=None)
    wait = min(FIRST_WAIT_S * 2 ** min(letter.tries, 10), LONGEST_WAIT_S)
    due = stamp(now + dt.timedelta(seconds=wait))
    return replace(letter, tries=letter.tries + 1, fault=why, due=due)


def send(letter: Letter, channel: NotifySettings, folder: Path) -> None:
    """By the one way that the channel has. Raises `Untaken`."""
    if channel.to:
        _mail(letter, channel)
    elif channel.url:
        _chat(letter, channel.url)
    elif channel.webhook:
        _hook(letter, channel.webhook, channel.secret)
    elif channel.file:
        write(folder / channel.file, letter.markdown.encode())


def message(letter: Letter, channel: NotifySettings) -> EmailMessage:
    """The mail."""
    sender = channel.sender or channel.to[0]
    found = EmailMessage()
    found["Subject"] = letter.subject
    found["From"] = Address("friction", addr_spec=sender)
    found["To"] = ", ".join(channel.to)
    found["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    found["Message-ID"] = f"<{letter.id}@friction.invalid>"
    found["Content-Language"] = letter.lang
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(letter.text)
    found.add_alternative(letter.html, subtype="html")
    return found


def _mail(letter: Letter, channel: NotifySettings) -> None:
    place = urlsplit(channel.smtp)
    host, safe = place.hostname or "localhost", ssl.create_default_context()
    try:
        if place.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, place.port or 465, timeout=TIMEOUT_S, context=safe)
        else:
            server = smtplib.SMTP(host, place.port or 25, timeout=TIMEOUT_S)
        with server:
            _greet(server, place.username, channel.password, host, safe, encrypted=place.scheme == "smtps")
            refused = server.send_message(message(letter, channel))
    except (smtplib.SMTPException, OSError, ValueError) as fault:
        raise Untaken(type(fault).__name__) from None
    if refused:
        LOG.warning("some addresses were refused", extra={"channel": letter.channel, "refused": len(refused)})


def _greet(
    server: smtplib.SMTP,
    user: str | None,
    password: str | None,
    host: str,
    safe: ssl.SSLContext,
    *,
    encrypted: bool,
) -> None:
    """Encrypted wherever the server can; a password goes over nothing else, but on this machine."""
    server.ehlo_or_helo_if_needed()
    if not encrypted and server.has_extn("starttls"):
        server.starttls(context=safe)
        server.ehlo()
        encrypted = True
    if user and password:
        if not encrypted and host not in LOCAL:
            raise Untaken("password_needs_tls")
        server.login(unquote(user), password)


def _chat(letter: Letter, url: str) -> None:
    try:
        import apprise
    except ImportError:
        raise Untaken("extra_notify_missing") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its services load whatever they may need, old modules too
        service = apprise.Apprise()
        if not service.add(url):
            raise Untaken("url_not_understood")
        form = apprise.NotifyFormat.MARKDOWN
        taken = service.notify(body=letter.markdown, title=letter.subject, body_format=form)
    if not taken:
        raise Untaken("refused")


class _Still(HTTPRedirectHandler):
    """A receiver that sends us elsewhere has not taken the letter."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def opener() -> OpenerDirector:
    """Follows no redirects."""
    return build_opener(_Still)


def _hook(letter: Letter, url: str, secret: str | None) -> None:
    import orjson

    place = urlsplit(url)
    if place.scheme != "https" and place.hostname not in LOCAL:
        raise Untaken("needs_https")
    moment = str(int(time.time()))
    body = orjson.dumps({"type": "scan.digest", "id": letter.id, "data": letter.members})
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "friction",
        "webhook-id": letter.id,
        "webhook-timestamp": moment,
    }
    if secret:
        headers["webhook-signature"] = signature(secret, letter.id, moment, body)
    request = Request(url, data=body, headers=headers, method="POST")
    try:
        with opener().open(request, timeout=TIMEOUT_S) as answer:
            if not 200 <= answer.status < 300:
                raise Untaken(f"http_{answer.status}")
    except HTTPError as fault:
        raise Untaken(f"http_{fault.code}") from None
    except (URLError, OSError, ValueError) as fault:
        raise Untaken(type(fault).__name__) from None


def signature(secret: str, id: str, moment: str, body: bytes) -> str:
    """As Standard Webhooks want it; a secret that begins with `whsec_` is base64."""
    key = base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()
    signed = hmac.new(key, f"{id}.{moment}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def beat(address: str | None, *, well: bool) -> bool:
    """Ask the heartbeat address, `/fail` behind it where the scan failed; whether it answered."""
    if not address:
        return False
    url = address if well else f"{address.rstrip('/')}/fail"
    try:
        with opener().open(Request(url, headers={"User-Agent": "friction"}), timeout=TIMEOUT_S) as answer:
            return bool(answer.status < 300)
    except (URLError, OSError, ValueError):
        LOG.warning("the heartbeat address did not answer")
        return False
