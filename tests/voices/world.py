"""A made-up shop whose visitors are known: what they do on two devices, what they answer, ask and buy, in five files.

Every record says in `truth` whose session it belongs to, or that nobody can know. Who uses which device, who logs in
and who gives which address is drawn from a seed; devices that a family shares, addresses in capitals, records of
strangers and of long ago are among them.
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 3, 2, tzinfo=UTC)
PAGES = ("/", "/list", "/item/1", "/cart", "/checkout", "/thanks")


@dataclass
class World:
    """The files, and the session that each record belongs to by its number (null: none can be said)."""

    events: list[dict[str, str]] = field(default_factory=list)
    nps: list[dict[str, str]] = field(default_factory=list)
    tickets: list[dict[str, str]] = field(default_factory=list)
    contacts: list[dict[str, str]] = field(default_factory=list)
    deals: list[dict[str, str]] = field(default_factory=list)
    truth: dict[str, str | None] = field(default_factory=dict)
    person_of: dict[str, str] = field(default_factory=dict)
    """Session → who was there, where the files can tell."""


def made(people: int = 60, seed: int = 7) -> World:
    """A world of so many people."""
    world, chance = World(), random.Random(seed)
    for number in range(people):
        _person(world, chance, number)
    _family(world, chance)
    _strangers(world, chance)
    chance.shuffle(world.events)
    return world


def _person(world: World, chance: random.Random, number: int) -> None:
    """Somebody with a computer and, of two in three, a telephone; of two in three with an account."""
    name, has_account = f"p{number}", number % 3 != 0
    email = f"Person.{number}@Example.org"
    devices = [f"dev-{number}-a", *([f"dev-{number}-b"] if number % 3 != 2 or has_account else [])]
    sessions = []
    for visit in range(3):
        device = devices[visit % len(devices)]
        at = START + timedelta(hours=number % 24, days=visit * 5, minutes=chance.randrange(40))
        session = f"s-{number}-{visit}"
        logs_in = has_account and visit != 0
        ends = _visit(world, chance, session, device, at, f"user-{number}" if logs_in else "", "")
        sessions.append((session, ends))
        world.person_of[session] = name if has_account else device
    if has_account:
        world.contacts.append(
            {
                "Record ID": str(9000 + number),
                "First Name": f"Ada {number}",
                "Email": email.upper() if number % 2 else email,
                "Lifecycle Stage": "customer",
                "User ID": f"user-{number}",
                "Create Date": "2026-01-05 10:00",
            }
        )
    _answer(world, number, sessions, email, has_account)
    _ticket(world, number, sessions, email, has_account)


def _answer(world: World, number: int, sessions: list[tuple[str, datetime]], email: str, known: bool) -> None:
    """An answer some minutes or days after a visit: by session, by device, or by the address of an account."""
    session, ends = sessions[1]
    way = ("session", "visitor", "email")[number % 3]
    late = timedelta(minutes=4) if number % 2 else timedelta(days=2)
    record = f"a{number}"
    world.nps.append(
        {
            "Response ID": record,
            "Created At": _iso(ends + late),
            "NPS": str(number % 11),
            "Comment": f"Please write to me at someone{number}@mail.example about it",
            "Session ID": session if way == "session" else "",
            "Visitor ID": f"dev-{number}-{'b' if known or number % 3 != 2 else 'a'}"
            if way == "visitor"
            else "",
            "Email": email if way == "email" else "",
            "Page URL": "https://shop.example/cart?from=mail",
        }
    )
    can_be = way != "email" or known
    world.truth[record] = session if can_be else None


def _ticket(world: World, number: int, sessions: list[tuple[str, datetime]], email: str, known: bool) -> None:
    """A call for help a day after a visit, of every second; of some only months later."""
    if number % 2:
        return
    session, ends = sessions[2]
    is_late = number % 10 == 0
    record = str(5000 + number)
    world.tickets.append(
        {
            "id": record,
            "created_at": _iso(ends + (timedelta(days=40) if is_late else timedelta(hours=20))),
            "requester_id": str(700_000 + number),
            "requester_email": email.lower(),
            "subject": "Payment fails",
            "description": f"My card 4111 1111 1111 1111 is refused, call +49 170 1234{number:04d}",
            "status": "open",
            "priority": "high",
            "via_channel": "web",
        }
    )
    world.truth[record] = session if known and not is_late else None
    if known:
        world.deals.append(
            {
                "Deal ID": f"d{number}",
                "Deal Name": f"Order of Ada {number}",
                "Deal Stage": "closedwon" if number % 4 else "closedlost",
                "Amount": "1,250.50",
                "Create Date": "2026-03-01 09:00",
                "Close Date": "2026-03-20 09:00",
                "Associated Contact IDs": str(9000 + number),
            }
        )


def _family(world: World, chance: random.Random) -> None:
    """Two accounts on one device: what is said under an account is its own, what the device says belongs to nobody."""
    for visit, account in enumerate(("mum", "dad", "")):
        at = START + timedelta(days=visit, hours=2)
        session = f"s-family-{visit}"
        ends = _visit(
            world, chance, session, "dev-family", at, account, f"{account}@home.example" if account else ""
        )
        world.person_of[session] = account or "dev-family"
        if account:
            record = f"family-{account}"
            world.nps.append(
                {
                    "Response ID": record,
                    "Created At": _iso(ends + timedelta(days=4)),
                    "NPS": "3",
                    "Comment": "",
                    "Session ID": "",
                    "Visitor ID": "",
                    "Email": f"{account}@home.example",
                    "Page URL": "",
                }
            )
            world.truth[record] = session


def _strangers(world: World, chance: random.Random) -> None:
    """People whom the events do not know, and numbers of a tool that look like ids of the site."""
    for number in range(12):
        record = f"stranger-{number}"
        world.nps.append(
            {
                "Response ID": record,
                "Created At": _iso(START + timedelta(days=chance.randrange(14))),
                "NPS": "9",
                "Comment": "",
                "Session ID": "" if number % 2 else f"unknown-{number}",
                "Visitor ID": "",
                "Email": f"nobody{number}@else.example",
                "Page URL": "",
            }
        )
        world.truth[record] = None
    _visit(world, chance, "s-number", "700002", START + timedelta(hours=3), "", "")
    world.person_of["s-number"] = "700002"


def _visit(
    world: World, chance: random.Random, session: str, device: str, at: datetime, user: str, email: str
) -> datetime:
    for step in range(chance.randint(3, 6)):
        at += timedelta(seconds=chance.randint(5, 90))
        world.events.append(
            {
                "timestamp": _iso(at),
                "session_id": session,
                "visitor_id": device,
                "user_id": user if step else "",
                "email": email if step else "",
                "event": "page_view",
                "url": f"https://shop.example{PAGES[step]}",
            }
        )
    return at


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def written(world: World, folder: Path) -> dict[str, Path]:
    """The files of a world, by what they hold."""
    found = {}
    for name in ("events", "nps", "tickets", "contacts", "deals"):
        found[name] = folder / f"{name}.csv"
        rows = getattr(world, name)
        with found[name].open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return found
