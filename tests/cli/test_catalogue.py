"""`friction detectors show` says what docstrings say, in full, for every detector and every preset."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from friction.detectors import BUILTIN, LABELS, documentation
from friction.detectors.presets import PRESETS, catalogue
from friction.i18n import language
from friction.i18n.codes import GROUPS
from tests.cli.conftest import Run

Entry = dict[str, Any]


def squeezed(text: str) -> str:
    """Without what depends on the width of the terminal."""
    return "".join(text.split())


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    from friction import detectors

    known: list[Entry] = json.loads(json.dumps(detectors.catalogue()))
    return {entry["name"]: entry for entry in known}


def shown(entry: Entry, code: str) -> str:
    """As the command prints it, without starting a process each time."""
    from io import StringIO

    from rich.console import Console

    from friction.render.catalogue import detector, preset
    from friction.render.lines import loose

    page = StringIO()
    told = preset if "rules" in entry else detector
    Console(file=page, width=100, no_color=True).print(told(entry, language(code)))
    return loose(page.getvalue())


@pytest.mark.parametrize("name", BUILTIN)
def test_a_detector_is_shown_with_all_its_paragraphs(entries: dict[str, Entry], name: str) -> None:
    _, summary, paragraphs = documentation(BUILTIN[name])
    page = squeezed(shown(entries[name], "en"))

    assert tuple(paragraphs) == LABELS
    assert all(squeezed(text) in page for text in [summary, *paragraphs.values()])
    for setting, said in entries[name]["parameters"].items():
        assert setting in page
        assert squeezed(said["description"]) in page


@pytest.mark.parametrize("name", BUILTIN)
def test_in_french_all_of_it_is_french(entries: dict[str, Entry], name: str) -> None:
    page, speak = squeezed(shown(entries[name], "fr")), language("fr")

    assert squeezed(speak.word("one_liner", name)) in page
    assert squeezed(speak.word("detector", name)) in page
    assert all(squeezed(speak.word("capability", each)) in page for each in entries[name]["needs"])
    assert "réglages" in page
    assert all(
        squeezed(speak.text(said["description"])) in page for said in entries[name]["parameters"].values()
    )
    assert all(squeezed(speak.text(text)) in page for text in documentation(BUILTIN[name])[2].values())
    assert not any(
        squeezed(text) in page for text in documentation(BUILTIN[name])[2].values() if len(text) > 80
    )
    assert not re.search(r"\(\d[^()]*ormore", page)


def test_the_sentence_of_the_list_is_the_one_of_the_docstring() -> None:
    assert {name: documentation(one)[1] for name, one in BUILTIN.items()} == {
        name: GROUPS["one_liner"][name] for name in BUILTIN
    }


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: str(entry["name"]))
def test_a_preset_is_shown_with_its_rules(entry: Entry) -> None:
    page = shown(entry, "en")

    assert all(GROUPS["detector"][name] in page for name in PRESETS[entry["name"]])
    assert ("unverified" in page) is not entry["verified"]
    assert ("never assessable" in page) is not entry["published"]


@pytest.mark.parametrize("name", ["rage_click", "posthog-2026-05-30", "clarity"])
def test_the_command_prints_it(friction: Run, name: str) -> None:
    outcome = friction("detectors", "show", name)

    assert outcome.code == 0
    if name in BUILTIN:
        assert squeezed(documentation(BUILTIN[name])[2]["Misleads"]) in squeezed(outcome.out)
    else:
        rule = next(each["rule"] for each in catalogue() if each["name"] == name)
        assert rule in outcome.out
