"""Archives are opened within limits, whatever they claim; what is damaged costs only itself."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
import zstandard

from friction.errors import InputError, LimitError
from friction.limits import Limits
from friction.tables.archives import Damaged, members
from tests.tables.packing import (
    ENCRYPTED,
    OPEN_SIZES,
    STORED,
    UTF8,
    Packed,
    inside,
    overlapping,
    tarred,
    zipped,
)

CONTENT = b"ts,session_id,event\n" + b"".join(
    b"2026-03-02T09:%02d:00Z,s%d,click\n" % (i % 60, i) for i in range(3_000)
)
SHORT = b"a,b\n1,2\n"
Found = list[tuple[str, bytes | str]]
Pack = Callable[[bytes], bytes]
REGULAR = tarfile.REGTYPE


def opened(archive: bytes, **limits: float) -> Found:
    """Every member with its content, or with the reason why it has none."""
    found: Found = []
    for member in members(io.BytesIO(archive), Limits(**limits)):  # type: ignore[arg-type]
        try:
            found.append((member.name, member.reason or b"".join(member.blocks)))
        except Damaged as damage:
            found.append((member.name, damage.reason))
    return found


def tar_of_two() -> bytes:
    return tarred([("a.csv", CONTENT, REGULAR), ("b.csv", SHORT, REGULAR)])


TWO: Found = [("a.csv", CONTENT), ("b.csv", SHORT)]
OPEN_ZIP = zipped([Packed(b"a.csv", CONTENT, flags=OPEN_SIZES), Packed(b"b.csv", SHORT, flags=OPEN_SIZES)])
ZIP = zipped([Packed(b"a.csv", CONTENT), Packed(b"b.csv", SHORT, STORED)])
HOLDERS = {
    "zip": ZIP,
    "zip with sizes behind": OPEN_ZIP,
    "tar": tar_of_two(),
    "tar.gz": gzip.compress(tar_of_two(), mtime=0),
    "tar.bz2": bz2.compress(tar_of_two()),
    "tar.xz": lzma.compress(tar_of_two()),
    "tar.zst": zstandard.compress(tar_of_two()),
    "gnu tar": tarred([("a.csv", CONTENT, REGULAR), ("b.csv", SHORT, REGULAR)], tarfile.GNU_FORMAT),
    "zip in a tar": tarred([("all.zip", ZIP, REGULAR)]),
}


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, zlib.compress, zstandard.compress, bytes]
)
def test_a_compressed_file_is_its_own_only_member(pack: Pack) -> None:
    assert opened(pack(CONTENT)) == [("", CONTENT)]


@pytest.mark.parametrize("name", [name for name in HOLDERS if name != "zip in a tar"])
def test_members_come_whole_and_in_order(name: str) -> None:
    assert opened(HOLDERS[name]) == TWO


def test_members_of_members_are_named_after_all_that_holds_them() -> None:
    inner = zipped([Packed(b"day/a.csv.gz", gzip.compress(CONTENT))])

    assert opened(zipped([Packed(b"all.zip", inner)])) == [("all.zip › day/a.csv.gz", CONTENT)]


def test_wide_sizes_and_bytes_before_the_archive_are_understood() -> None:
    wide = [Packed(b"a.csv", CONTENT, wide=True), Packed(b"b.csv", SHORT, STORED, wide=True)]

    assert opened(zipped(wide, wide=True)) == TWO
    assert opened(gzip.compress(zipped(wide, wide=True))) == TWO


def test_frames_without_content_are_skipped() -> None:
    index = b"\x5e\x2a\x4d\x18\x04\0\0\0abcd"

    assert opened(index + zstandard.compress(SHORT) + index + zstandard.compress(CONTENT) + index) == [
        ("", SHORT + CONTENT)
    ]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (b"../../etc/cron.d/x", "etc/cron.d/x"),
        (b"/etc/passwd", "etc/passwd"),
        (b"C:\\temp\\..\\a.csv", "C:/temp/a.csv"),
        (b"a\x1b[31m\x00\xe2\x80\xaeb.csv", "a?[31m??b.csv"),
        (b"\x81.csv", "ü.csv"),
        (b"x" * 60_000, "…" + "x" * 119),
        (b"", "?"),
    ],
)
def test_names_are_only_labels(name: bytes, label: str) -> None:
    assert opened(zipped([Packed(name, SHORT)])) == [(label, SHORT)]


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (Packed(b"a.csv", SHORT, flags=ENCRYPTED), "encrypted"),
        (Packed(b"a.csv", SHORT, 99), "encrypted"),
        (Packed(b"a.csv", SHORT, 14), "unsupported"),
        (Packed(b"a.csv", b"/etc/passwd", mode=0o120777), "link"),
        (Packed(b"a.csv", b"", mode=0o020666), "device"),
        (Packed(b"d/"), "folder"),
        (Packed(b"__MACOSX/._a.csv", SHORT), "system_file"),
        (Packed(b"d/.DS_Store", SHORT), "system_file"),
        (Packed(b"a.csv", flags=UTF8), "empty"),
        (Packed(b"a.csv", CONTENT, size=len(CONTENT) - 1), "wrong_size"),
        (Packed(b"a.csv", CONTENT, size=len(CONTENT) + 1), "wrong_size"),
        (Packed(b"a.csv", CONTENT, crc=1), "wrong_checksum"),
    ],
)
def test_what_is_no_whole_file_is_passed_over_with_its_reason(member: Packed, reason: str) -> None:
    (found, other) = opened(zipped([member, Packed(b"b.csv", SHORT)]))

    assert (found[1], other) == (reason, ("b.csv", SHORT))


@pytest.mark.parametrize(
    ("sort", "reason"),
    [
        (tarfile.SYMTYPE, "link"),
        (tarfile.LNKTYPE, "link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.FIFOTYPE, "device"),
        (tarfile.DIRTYPE, "folder"),
        (tarfile.GNUTYPE_SPARSE, "unsupported"),
    ],
)
def test_a_tar_gives_out_nothing_but_files(sort: bytes, reason: str) -> None:
    assert opened(tarred([("x", b"", sort), ("b.csv", SHORT, REGULAR)])) == [("x", reason), ("b.csv", SHORT)]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names_are_read_and_endless_ones_are_damage(form: int) -> None:
    assert opened(tarred([("x/" * 200 + "a.csv", SHORT, REGULAR)], form))[0][1] == SHORT
    assert opened(tarred([("x" * 200_000, SHORT, REGULAR)], form)) == [("", "damaged")]


def test_members_that_share_bytes_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        opened(overlapping(1_000, CONTENT))

    assert caught.value.problem.code == "input.overlapping_archive"


def test_archives_in_archives_end_at_the_limit() -> None:
    assert opened(inside(3, SHORT))[0][1] == SHORT
    with pytest.raises(LimitError) as caught:
        opened(inside(40, SHORT))

    assert caught.value.problem.code == "limit.nesting"


@pytest.mark.parametrize(
    "many",
    [
        zipped([Packed(b"%d.csv" % at, SHORT, STORED) for at in range(501)]),
        tarred([(f"{at}", b"", tarfile.SYMTYPE) for at in range(501)]),
    ],
    ids=["zip", "tar"],
)
def test_members_are_counted_whatever_they_are(many: bytes) -> None:
    assert len(opened(many, members=501)) == 501
    with pytest.raises(LimitError) as caught:
        opened(many, members=500)

    assert caught.value.problem.code == "limit.members"


ZEROS = bytes(1 << 24)


def swallow(archive: bytes, limits: Limits) -> None:
    """Read every member and keep nothing."""
    for member in members(io.BytesIO(archive), limits):
        for _ in member.blocks:
            pass


@pytest.mark.parametrize(
    "made",
    [
        lambda: gzip.compress(ZEROS, 9) * 16,
        lambda: zstandard.compress(ZEROS) * 16,
        lambda: bz2.compress(ZEROS) * 16,
        lambda: lzma.compress(ZEROS, preset=1) * 16,
        lambda: zipped([Packed(b"%d" % at, ZEROS) for at in range(16)]),
        lambda: gzip.compress(gzip.compress(ZEROS * 16)),
    ],
    ids=["gz", "zst", "bz2", "xz", "zip", "gz in gz"],
)
def test_a_bomb_is_refused_by_ratio_and_by_size_and_never_held(made: Callable[[], bytes]) -> None:
    bomb = made()
    tracemalloc.start()
    for code, limits in (
        ("limit.ratio", Limits()),
        ("limit.inflated_size", Limits(inflated_size=50_000_000)),
    ):
        with pytest.raises(LimitError) as caught:
            swallow(bomb, limits)
        assert caught.value.problem.code == code
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 12_000_000


@pytest.mark.parametrize("name", HOLDERS)
@pytest.mark.parametrize("twentieth", range(1, 20))
def test_a_cut_costs_what_lies_behind_it_and_is_said(name: str, twentieth: int) -> None:
    whole = HOLDERS[name]
    found = opened(whole[: len(whole) * twentieth // 20])

    whole_ones = [content for _, content in found if isinstance(content, bytes)]
    reasons = {content for _, content in found if isinstance(content, str)}

    assert whole_ones == [CONTENT, SHORT][: len(whole_ones)]
    assert len(whole_ones) == 2 or reasons & {"cut_off", "damaged", "wrong_size"}


@pytest.mark.parametrize("name", ["zip", "zip with sizes behind"])
def test_members_before_a_cut_are_found_without_the_directory(name: str) -> None:
    whole = HOLDERS[name]
    found = opened(whole[: whole.rindex(b"PK\1\2")])

    assert found == [*TWO, ("", "cut_off")]


def test_sizes_beyond_any_file_are_no_places_to_look_at() -> None:
    whole = zipped([Packed(b"a.csv", SHORT, wide=True), Packed(b"b.csv", SHORT)])
    front = whole[: whole.index(b"PK\1\2")]
    endless = front.replace(struct.pack("<Q", len(Packed(b"", SHORT).data)), b"\xff" * 8)

    assert opened(endless) == [("a.csv", SHORT), ("", "cut_off")]


@pytest.mark.parametrize("name", HOLDERS)
def test_whatever_byte_is_wrong_there_are_only_named_ends(name: str) -> None:
    chance, whole = random.Random(name), HOLDERS[name]
    for _ in range(60):
        mutant = bytearray(whole)
        for _ in range(chance.choice([1, 3, 10])):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        assert ending_of(bytes(mutant)).startswith(("read", "limit.", "input.overlapping_archive"))


def ending_of(archive: bytes) -> str:
    try:
        return "read" if opened(archive) else "nothing"
    except InputError as error:
        return error.problem.code


def test_a_damaged_member_costs_only_itself() -> None:
    whole = bytearray(zipped([Packed(b"a.csv", CONTENT), Packed(b"b.csv", CONTENT), Packed(b"c.csv", SHORT)]))
    whole[200] ^= 0xFF

    first, *others = opened(bytes(whole))

    assert first[1] in {"damaged", "wrong_checksum", "wrong_size"}
    assert others == [("b.csv", CONTENT), ("c.csv", SHORT)]
