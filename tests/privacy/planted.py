"""Personal data of many kinds, made up, each planted where exports have it; and people's data by the thousand."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """Something that must not be found again, and the column of an export in which it stands."""

    what: str
    column: str
    cell: str
    secrets: tuple[str, ...]
    """Pieces of the cell, none of which may be written anywhere."""


SHOP = "https://shop.test"
PLANTS = (
    Plant("e-mail in a parameter", "url", f"{SHOP}/a?email=anna.q%40example.org", ("anna.q", "example.org")),
    Plant("e-mail in a path", "url", f"{SHOP}/user/berta%40example.org/edit", ("berta",)),
    Plant("e-mail in a text", "el_text", "Signed in as carla@example.org", ("carla",)),
    Plant("e-mail as visitor", "visitor_id", "dora@example.org", ("dora",)),
    Plant("e-mail as user", "user_id", "emil@example.org", ("emil",)),
    Plant("telephone in a text", "el_aria_label", "Call +33 6 12 34 56 78", ("6 12 34 56 78", "12345678")),
    Plant("telephone in a path", "url", f"{SHOP}/call/+49%20171%209876543", ("9876543",)),
    Plant(
        "bank card in a message", "error_message", "card 4111 1111 1111 1111 declined", ("4111 1111", "41111")
    ),
    Plant("bank account in a text", "title", "Pay to DE89 3704 0044 0532 0130 00", ("3704 0044", "0532")),
    Plant("social security number in a text", "el_text", "SSN 078-05-1120", ("078-05-1120",)),
    Plant("order number in a message", "error_message", "order 83746551 not found", ("83746551",)),
    Plant("IPv4 address in a message", "error_message", "refused by 203.0.113.77", ("203.0.113.77",)),
    Plant("IPv6 address in a text", "title", "from 2001:db8::ff00:42:8329", ("ff00:42:8329",)),
    Plant("IP address in a column of its own", "ip_address", "198.51.100.23", ("198.51.100",)),
    Plant(
        "web token in a parameter", "referrer", f"{SHOP}/?t=eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", ("eyJhbGci",)
    ),
    Plant("access token in a fragment", "url", f"{SHOP}/in#access_token=zq81token", ("zq81token",)),
    Plant("key of a service in a message", "error_message", "bad key sk_live_Qq7Zz81Kk2", ("Qq7Zz81Kk2",)),
    Plant("bearer token in a message", "error_message", "Authorization: Bearer zqb.earer-1", ("zqb.earer",)),
    Plant("password in a message", "error_message", "login failed: password=hunter2zq", ("hunter2zq",)),
    Plant("token of a reset in a path", "url", f"{SHOP}/reset/9f8e7dzq", ("9f8e7dzq",)),
    Plant("session in a path parameter", "url", f"{SHOP}/cart;jsessionid=A1B2ZQ", ("A1B2ZQ",)),
    Plant(
        "user and password of an address",
        "referrer",
        "https://zora:geheimzq@find.test/",
        ("zora", "geheimzq"),
    ),
    Plant(
        "number of a person in a path", "url", f"{SHOP}/u/0f8fad5b-d9cb-469f-a165-70867728950e", ("0f8fad5b",)
    ),
    Plant("what was searched for", "url", f"{SHOP}/search?q=zqkrankheit", ("zqkrankheit",)),
    Plant("what was typed", "value", "zqtypedwords", ("zqtypedwords",)),
    Plant("name in a greeting", "el_text", "Welcome back, Zqanna Zqschmidt!", ("Zqanna", "Zqschmidt")),
    Plant("name in a property", "props", '{"first_name": "Zqfred", "plan": "gold"}', ("Zqfred",)),
    Plant("birthday in a property", "props", '{"profile": {"birth_date": "1971-02-03"}}', ("1971-02-03",)),
    Plant("name in a column that nobody knows", "customer_name", "Zqgustav Zqmeier", ("Zqgustav", "Zqmeier")),
    Plant("e-mail in an attribute", "el_attrs", '{"data-owner": "hugo@example.org"}', ("hugo",)),
    Plant("e-mail as campaign", "campaign", "news for ida@example.org", ("ida@",)),
    Plant("e-mail as name of an event", "event", "invited jan@example.org", ("jan@",)),
    Plant("e-mail as session", "session_id", "kuno@example.org", ("kuno",)),
    Plant("e-mail in a selector", "target", "a[href='mailto:lea@example.org']", ("lea@",)),
    Plant("address written to", "el_href", "mailto:mia@example.org", ("mia@",)),
    Plant("e-mail in a request", "req_url", f"{SHOP}/api/users/nina@example.org", ("nina",)),
    Plant("browser with its machine", "browser", "Mozilla/5.0 (X11; zqmachine 7) Gecko", ("zqmachine",)),
)
"""More than the 23 kinds that are asked for."""


def emails(chance: random.Random) -> str:
    first, last = (_word(chance, 3, 9) for _ in range(2))
    return f"{first}{chance.choice('._-+')}{last}@{_word(chance, 4, 9)}.{chance.choice(('com', 'fr', 'de', 'co.uk'))}"


def telephones(chance: random.Random) -> str:
    number = "".join(chance.choices(string.digits, k=8))
    pairs = " ".join(number[at : at + 2] for at in range(0, 8, 2))
    return chance.choice(
        (
            f"+33 6 {pairs}",
            f"06 {pairs}",
            f"+49 171 {number[:7]}",
            f"+1 212-555-{number[:4]}",
            f"(212) 555-{number[:4]}",
        )
    )


def cards(chance: random.Random) -> str:
    digits = [chance.choice((4, 5)), *(chance.randrange(10) for _ in range(14))]
    total = sum(d * 2 - 9 * (d > 4) if at % 2 == 0 else d for at, d in enumerate(digits))
    text = "".join(map(str, [*digits, -total % 10]))
    return chance.choice((text, " ".join(text[at : at + 4] for at in range(0, 16, 4))))


def accounts(chance: random.Random) -> str:
    number = "".join(chance.choices(string.digits, k=18))
    check = 98 - int(number + "131400") % 97
    text = f"DE{check:02}{number}"
    return chance.choice((text, " ".join(text[at : at + 4] for at in range(0, 22, 4))))


def addresses(chance: random.Random) -> str:
    if chance.random() < 0.7:
        return ".".join(str(chance.randrange(1, 255)) for _ in range(4))
    return ":".join(f"{chance.randrange(1, 65536):x}" for _ in range(8))


def numbers(chance: random.Random) -> str:
    return "-".join("".join(chance.choices("0123456789abcdef", k=size)) for size in (8, 4, 4, 4, 12))


def web_tokens(chance: random.Random) -> str:
    parts = (base64.urlsafe_b64encode(chance.randbytes(size)).decode().rstrip("=") for size in (20, 30))
    return "eyJhbGciOiJIUzI1NiJ9." + ".".join(parts)


def keys(chance: random.Random) -> str:
    begin = chance.choice(("sk_live_", "ghp_", "glpat-", "xoxb-", "pk_test_"))
    return begin + "".join(chance.choices(string.ascii_letters + string.digits, k=20))


def tokens(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.randbytes(chance.choice((16, 20, 32))).hex()
    return "".join(chance.choices(string.ascii_letters + string.digits, k=chance.choice((22, 32, 40))))


def security(chance: random.Random) -> str:
    return f"{chance.randrange(100, 800)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}"


KINDS: tuple[Callable[[random.Random], str], ...] = (
    emails, telephones, cards, accounts, addresses, numbers, web_tokens, keys, tokens, security,
)  # fmt: skip


def generated(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many values of all kinds in turn, with the name of their kind."""
    chance = random.Random(seed)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield kind.__name__, kind(chance)


def _word(chance: random.Random, least: int, most: int) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(least, most)))
