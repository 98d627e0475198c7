"""Every sentence has its words in every language, and what is compiled is what was written."""

from __future__ import annotations

from string import Formatter

import pytest

from friction.i18n import language
from tests.i18n.catalogues import (
    NARROW,
    TRANSLATED,
    compiled,
    mo,
    po,
    spoken,
    stored,
    texts,
    updated,
    written,
)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def ids(message_id: object) -> list[str]:
    return list(message_id) if isinstance(message_id, (tuple, list)) else [str(message_id)]


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_has_its_words_and_no_words_are_left_over(code: str) -> None:
    known = {(each.context, each.id): each for each in stored(code) if each.id}
    said = {(message.context, message.id) for message in spoken() if message.id}

    assert not [key for key in said if key not in known], "run make messages and translate"
    assert not [key for key in known if key not in said], "said no more: run make messages"
    assert not [each.id for each in known.values() if each.fuzzy or not all(texts(each))]


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_fill_the_same_placeholders(code: str) -> None:
    wrong = [
        each.id
        for each in stored(code)
        if each.id
        for text in texts(each)
        if placeholders(text) - {"n"} != set().union(*map(placeholders, ids(each.id))) - {"n"}
    ]

    assert not wrong


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalogues_are_as_make_messages_writes_them(code: str) -> None:
    assert po(code).read_bytes() == written(updated(code))
    assert mo(code).read_bytes() == compiled(code)


def test_french_has_narrow_spaces_and_curly_apostrophes() -> None:
    words = [text for each in stored("fr") if each.id for text in texts(each)]

    assert not [text for text in words if "'" in text]
    assert not [text for text in words if " ;" in text or " :" in text or " ?" in text or "« " in text]
    assert any(f"«{NARROW}" in text for text in words)


def test_a_compiled_catalogue_speaks() -> None:
    said = language("fr").text("“{target}” is clicked and nothing answers", target="Pay {now}")

    assert said == "«\u202fPay {now}\u202f» ne répond pas aux clics"
