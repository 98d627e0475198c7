"""Seeded damage: mutant number n of a format is the same bytes on every machine and in every run."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz.seeds import seeds
from tests.torture.case import Case

TOKENS = {
    "csv": (b",", b";", b"\t", b"|", b'"', b'""', b"'", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\\",
            b"\xe2\x80\xa8", b"=1+1", b"\x1a", b"\x1b[2J", b"9" * 30, b"," * 300, b'"' * 99, b"\n" * 99),
    "json": (b"{", b"}", b"[", b"]", b":", b",", b'"', b"\\", b"\\u0000", b"\\ud800", b"null", b"true", b"NaN",
             b"1e999", b"-0", b"\n", b"\0", b"\xff", b'{"a":', b"[" * 300, b'{"":' * 300, b"9" * 400, b"//",
             b"\xef\xbb\xbf", b"{}"),
    "parquet": (b"\0", b"\xff", b"\x7f", b"\x80", b"PAR1", b"\xff\xff\xff\x7f", b"\x80" * 9 + b"\x01", b"\x15\x00",
                b"\x19\xfc\xff\xff\xff\x0f", b"\x00\x00\x00\x00", b"\x0c", b"\x1c"),
}  # fmt: skip
"""What has a meaning in a format: put in, it reaches further than a random byte."""

Edit = Callable[[bytearray, int, Random, str], None]


def mutant(form: str, number: int) -> Case:
    """The mutant with this number; its name says how to get it again."""
    chance = Random(f"{form} {number}")
    content = bytearray(chance.choice(seeds(form)))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if content:
            chance.choice(EDITS)(content, _place(content, form, chance), chance, form)
    return Case(f"{form}_{number}", bytes(content))


def _place(content: bytearray, form: str, chance: Random) -> int:
    """Anywhere; of Parquet mostly in the footer, which says how much of everything there is."""
    if form == "parquet" and len(content) > 8 and chance.random() < 0.6:
        footer = int.from_bytes(content[-8:-4], "little")
        return chance.randrange(max(0, len(content) - 8 - footer), len(content))
    return chance.randrange(len(content))


def _flip(content: bytearray, place: int, chance: Random, _: str) -> None:
    content[place] ^= 1 << chance.randrange(8)


def _set(content: bytearray, place: int, chance: Random, _: str) -> None:
    content[place] = chance.randrange(256)


def _put(content: bytearray, place: int, chance: Random, form: str) -> None:
    content[place:place] = chance.choice(TOKENS[form])


def _over(content: bytearray, place: int, chance: Random, form: str) -> None:
    token = chance.choice(TOKENS[form])
    content[place : place + len(token)] = token


def _drop(content: bytearray, place: int, chance: Random, _: str) -> None:
    del content[place : place + chance.choice((1, 1, 2, 4, 16, 200))]


def _again(content: bytearray, place: int, chance: Random, _: str) -> None:
    piece = content[place : place + chance.choice((1, 4, 60, 400))]
    content[place:place] = piece * chance.choice((1, 1, 2, 20))


def _swap(content: bytearray, place: int, chance: Random, _: str) -> None:
    other, size = chance.randrange(len(content)), chance.choice((1, 8, 90))
    piece = content[other : other + size]
    content[other : other + size] = content[place : place + size]
    content[place : place + size] = piece


def _cut(content: bytearray, place: int, _chance: Random, _: str) -> None:
    del content[place:]


EDITS: tuple[Edit, ...] = (_flip, _flip, _set, _set, _put, _put, _over, _drop, _again, _swap, _cut)
