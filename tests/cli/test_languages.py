"""What a French speaker reads at the command line, and by what the language is chosen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from friction.report import Report
from tests.cli.conftest import Run
from tests.reports import point, report

Answering = Callable[[Report], Path]


def loose(text: str) -> str:
    """With ordinary spaces and in one line."""
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.fixture
def export(tmp_path: Path) -> str:
    (tmp_path / "events.csv").write_text("ts,session_id\n")
    return "events.csv"


def test_a_report_is_read_in_french(friction: Run, answering: Answering, export: str) -> None:
    answering(report(point(1), point(2)))
    shown = loose(friction("analyze", export, "--lang", "fr").out)

    assert shown.startswith(
        "2 points coûtent nettement des conversions. À traiter d’abord : on clique encore"
    )
    assert "612 sur 4 106" in shown
    assert "environ 41 (de 22 à 63)" in shown
    assert "Chaque coût vaut pour un point pris seul. Ne les additionnez pas." in shown
    assert "Non évaluable Abandon de formulaire" in shown


def test_json_is_the_same_in_every_language(friction: Run, answering: Answering, export: str) -> None:
    answering(report(point(1)))
    said = [friction("analyze", export, "--lang", code, "--format", "json").out for code in ("en", "fr")]

    assert said[0] == said[1]


def test_a_spreadsheet_has_its_sentences_in_french_and_its_names_as_ever(
    friction: Run, answering: Answering, export: str
) -> None:
    answering(report(point(1)))
    lines = friction("analyze", export, "--lang", "fr", "--format", "csv").out.splitlines()

    assert lines[0].startswith("rank,id,detector,page")
    assert "On clique encore et encore sur" in lines[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["analyze", "rien.csv"], "friction : le fichier rien.csv n’existe pas où : rien.csv remède : vérifiez le nom"),
        (["anlyze"], "la commande anlyze n’existe pas remède : vouliez-vous dire « analyze » ?"),
        (["analyze", "x", "--tops", "3"], "l’option --tops n’existe pas remède : vouliez-vous dire « --top » ?"),
        (["analyze", "x", "--top", "0"], "--top : la valeur doit être d’au moins 1"),
        (["analyze", "x", "--tz", "Pari"], "n’est pas un fuseau horaire, écrivez par exemple Europe/Paris"),
        (["analyze", "x", "--goal", "evnt=x"], "'evnt' n’est pas un champ (caractère 1 de l’objectif 'evnt=x')"),
        (["analyze", "x", "-o", "non/r.json"], "le dossier non n’existe pas"),
        (["detectors", "show", "rage_clik"], "le détecteur 'rage_clik' n’existe pas"),
        (["analyze", "x", "--funnel", "/a"], "un entonnoir a deux étapes ou plus, par exemple « /cart >"),
        (["schema", "cookie"], "fait pas partie de 'report', 'config', 'event'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_french(friction: Run, words: list[str], says: str) -> None:
    assert says in loose(friction(*words, "--lang", "fr").err)


def test_how_a_file_is_written_is_said_in_french(friction: Run, tmp_path: Path) -> None:
    rows = "s1;2026-03-01T10:00:00;page_view;/a\ns1;2026-03-01T10:00:02;click;/a\n"
    (tmp_path / "visites.csv").write_text(f"session_id;ts;event;url\n{rows}")
    shown = loose(friction("inspect", "visites.csv", "--lang", "fr").out)

    assert "séparateur point-virgule" in shown
    assert "ligne des en-têtes 1 fins de ligne LF guillemets doubles heures ISO 8601" in shown
    assert "ce qui est disponible clics" in shown


def test_a_problem_object_stays_english(friction: Run) -> None:
    problem = json.loads(friction("analyze", "rien.csv", "--lang", "fr", "--format", "json").err)

    assert problem["detail"] == "there is no file rien.csv"


@pytest.mark.parametrize("words", [["--help"], ["analyze", "--help"], ["detectors", "list", "--help"]])
def test_help_is_in_french_with_the_same_examples(friction: Run, words: list[str]) -> None:
    english, french = (friction(*words, "--lang", code).out for code in ("en", "fr"))

    assert french.startswith("Utilisation")
    assert "Usage:" not in french
    assert "Show this message" not in french
    assert [each for each in english.splitlines() if each.startswith("  friction ")] == [
        each for each in french.splitlines() if each.startswith("  friction ")
    ]


def test_every_help_text_has_its_french(friction: Run) -> None:
    commands = ["analyze", "demo", "inspect", "convert", "detect", "explain", "compare", "schema", "serve"]
    for command in [*commands, "doctor", "completion"]:
        english, french = (friction(command, "--help", "--lang", code).out for code in ("en", "fr"))
        same = set(map(str.strip, english.splitlines())) & set(map(str.strip, french.splitlines()))
        assert not [
            line for line in same if len(line.split()) > 2 and not line.startswith(("friction ", "zcat "))
        ], command


@pytest.mark.parametrize(
    ("environment", "configuration", "flags", "code"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "", [], "fr"),
        ({"LANGUAGE": "de:fr", "LANG": "en_US.UTF-8"}, "", [], "fr"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "", [], "en"),
        ({"LANG": "en_GB.UTF-8"}, 'lang = "fr"\n', [], "fr"),
        ({"FRICTION_LANG": "en"}, 'lang = "fr"\n', [], "en"),
        ({"LANG": "fr_FR.UTF-8"}, 'lang = "fr"\n', ["--lang", "en"], "en"),
        ({"LANG": "de_DE.UTF-8"}, "", [], "en"),
    ],
)
def test_the_language_is_that_of_the_option_the_configuration_or_the_system(
    friction: Run,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    environment: dict[str, str],
    configuration: str,
    flags: list[str],
    code: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    if configuration:
        (tmp_path / "friction.toml").write_text(configuration)

    assert ("n’existe pas" in friction("analyze", "rien.csv", *flags).err) == (code == "fr")


def test_the_language_is_no_part_of_a_report(tmp_path: Path) -> None:
    from friction.config import load

    (tmp_path / "friction.toml").write_text('lang = "fr"\n')

    assert "lang" not in load(folder=tmp_path).in_report()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["analyze", "--lang", "en"], "INPUT Files, globs"),
        (["analyze", "--lang", "en"], "Rows of the printed table. [at least 1]"),
        (["compare", "--lang", "en"], "[default: 0.5; from 0.01 to 0.99]"),
        (["compare", "--lang", "fr"], "[défaut : 0.5; de 0.01 à 0.99]"),
        (["compare", "--lang", "fr"], "Comment la comparaison est affichée. [défaut : table]"),
        (["detectors", "show", "--lang", "fr"], "NAME Un nom de la liste. [requis]"),
    ],
)
def test_help_says_what_may_be_given_in_words(friction: Run, words: list[str], says: str) -> None:
    shown = loose(friction(*words, "--help").out)

    assert says in shown
    assert not {"<list[str]>", "<str>", "<float range>", "x>=1"} & set(shown.split())
