"""How a file gets out of a request, whichever way it was sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.receiving import file_name


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="events.csv"', "events.csv"),
        ("attachment; filename*=UTF-8''%C3%A9v%C3%A9nements.csv", "événements.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\exports\\\\may.csv"', "may.csv"),
        ("attachment", "upload"),
        ("", "upload"),
    ],
)
def test_the_name_is_the_last_part_of_what_the_sender_called_it(disposition: str, name: str) -> None:
    assert file_name(disposition) == name


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n")))
def test_any_header_gives_a_name_without_folders(disposition: str) -> None:
    name = file_name(disposition)

    assert name
    assert "/" not in name
