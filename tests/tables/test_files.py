"""Files are looked at by content, whatever they are called."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from pathlib import Path

import pytest
import zstandard

from friction.errors import InputError
from friction.tables.files import look, open_bytes, unpacked


def written(folder: Path, content: bytes) -> Path:
    path = folder / "export.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("pack", "word"),
    [
        (gzip.compress, "gz"),
        (zstandard.compress, "zst"),
        (bz2.compress, "bz2"),
        (lzma.compress, "xz"),
        (zlib.compress, "zlib"),
        (bytes, None),
    ],
)
def test_content_is_decompressed_as_a_stream(tmp_path: Path, pack: object, word: str | None) -> None:
    content = b"a,b\n" + b"1,2\n" * 500_000
    file = look(written(tmp_path, pack(content)), "x")  # type: ignore[operator]

    with open_bytes(file) as stream:
        found = stream.read()

    assert (file.compression, found) == (word, content)
    assert unpacked(file).read_bytes() == content
    assert file.head == content[: len(file.head)]


def test_several_frames_are_one_content(tmp_path: Path) -> None:
    two = zstandard.compress(b"a,b\n") + zstandard.compress(b"1,2\n")

    with open_bytes(look(written(tmp_path, two), "x")) as stream:
        assert stream.read() == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.compress, bz2.compress, zlib.compress, lzma.compress]
)
def test_an_archive_cut_off_far_from_its_head_is_damaged(tmp_path: Path, pack: object) -> None:
    content = bytes((i * i * 31 + i // 7) % 251 + 1 for i in range(900_000))
    file = look(written(tmp_path, pack(content)[:-9]), "x")  # type: ignore[operator]

    with pytest.raises(InputError) as caught:
        unpacked(file)

    assert caught.value.problem.code == "input.damaged_archive"


def test_a_foreign_archive_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        look(written(tmp_path, b"7z\xbc\xaf'\x1c" + bytes(50)), "export.csv")

    assert "7z" in caught.value.problem.detail
    assert "unpack" in str(caught.value.problem.remedy)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        look(tmp_path / "nowhere", "nowhere.csv")

    assert (caught.value.problem.code, caught.value.problem.file) == ("input.not_found", "nowhere.csv")
