"""Every sentence that an error of friction can say is known, and said in French."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from friction.i18n import language
from friction.i18n.problems import SENTENCES, pattern, say
from friction.limits import TABLE, Limits

ROOT = Path(__file__).parents[2]
ERRORS = {"UsageError", "InputError", "LimitError", "MissingExtra", "InternalError"}
HELPERS = {"_refuse", "_refused", "_missing", "_wrong", *ERRORS}
SPOKEN_AT_HOME = ("friction/library", "friction/client")
"""What only programs see: their errors are exceptions in English."""
FEW = 6
"""Fixed letters below which a template would recognise nearly anything."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.glob("friction/**/*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(
            (*SPOKEN_AT_HOME, "friction/errors.py", "friction/doctor.py", "friction/i18n")
        ):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def sentences(tree: ast.Module) -> Iterator[str]:
    """Texts given to errors, directly or by the names `detail` and `remedy`; what varies in them is `a.b2`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in HELPERS:
            skipped = 1 if getattr(node.func, "id", "") in {*ERRORS, "_missing", "_refused"} else 0
            for value in [*node.args[skipped:], *(k.value for k in node.keywords if k.arg in {"remedy"})]:
                yield from texts(value)
        elif isinstance(node, ast.Assign) and any(
            getattr(target, "id", "") in {"detail", "remedy", "many"} for target in node.targets
        ):
            yield from texts(node.value)


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from texts(value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "a.b2" for part in node.values)


def is_known(sentence: str) -> bool:
    """Recognised by a template of which enough is fixed, or which varies at the same places."""
    return any(
        found
        for template in SENTENCES
        if (found := pattern(template).fullmatch(sentence))
        and (len("".join(template.split("{")[0])) >= FEW or "a.b2" in sentence or template == sentence)
    )


def test_every_sentence_of_an_error_is_known() -> None:
    unknown = {
        f"{name}: {text}"
        for name, tree in sources()
        for text in sentences(tree)
        if not is_known(text) and not text.startswith("pip install")
    }

    assert not unknown, "add it to friction/i18n/problems, run make messages, translate"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_limit_is_said_in_french(name: str) -> None:
    problem = Limits(memory=2_000_000_000).refusal(name).problem
    speak = language("fr")

    assert say(problem.detail, speak) != problem.detail
    assert "ou augmentez" in say(problem.remedy or "", speak)
    assert " or " not in say(problem.remedy or "", speak)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("there is no file a.csv", "le fichier a.csv n’existe pas"),
        ("the file is larger than 1.5 GB", "le fichier dépasse 1,5\u00a0Go"),
        ("the file has more than 1,000 records", "le fichier a plus de 1\u202f000 lignes"),
        (
            "\"and\" is expected here (character 3 of the goal 'x: y')",
            "« and » est attendu ici (caractère 3 de l’objectif 'x: y')",
        ),
        (
            "time.zone: 'Foo' is no time zone, write it like Europe/Paris or UTC (the command line)",
            "time.zone : 'Foo' n’est pas un fuseau horaire, écrivez par exemple Europe/Paris ou UTC "
            "(la ligne de commande)",
        ),
        ("what nobody has thought of", "what nobody has thought of"),
    ],
)
def test_a_sentence_is_said_with_its_values(english: str, french: str) -> None:
    plain = (
        say(english, language("fr"))
        .replace("«\u202f", "« ")
        .replace("\u202f»", " »")
        .replace("\u202f:", " :")
    )

    assert plain == french


def test_english_is_left_alone() -> None:
    assert say("there is no file a.csv", language("en")) == "there is no file a.csv"
