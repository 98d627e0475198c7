"""Every error of the code, wherever it is made, says what to do about it and has a code that can be looked up."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from friction import errors
from friction.child.run import named
from friction.errors import FrictionError, Problem
from friction.limits import TABLE, Limits

ROOT = Path(__file__).parents[1]
KINDS = {"Problem"} | {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, FrictionError)
}
MEMBERS = tuple(Problem.__dataclass_fields__)
CALL = re.compile(rf"\b(?:{'|'.join(sorted(KINDS))})\s*\(")
"""Few files make errors, and only those are taken apart."""
CODE = re.compile(r"[a-z]+\.[a-z_]+")


def made() -> Iterator[tuple[str, ast.Call]]:
    """Every place that makes an error, as `file:line`."""
    for path in sorted([*ROOT.glob("friction/**/*.py"), *ROOT.glob("api/**/*.py")]):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if CALL.search(text) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


PLACES = dict(made())


def said(call: ast.Call, member: str) -> ast.expr | None:
    """What the call gives for this member; null when it says nothing of it."""
    place = MEMBERS.index(member)
    if len(call.args) > place and not any(isinstance(arg, ast.Starred) for arg in call.args):
        return call.args[place]
    return next((word.value for word in call.keywords if word.arg == member), None)


def passes_on(call: ast.Call) -> bool:
    """Members that were given elsewhere travel on as a whole."""
    return any(word.arg is None for word in call.keywords) or any(
        isinstance(arg, ast.Starred) for arg in call.args
    )


def test_the_places_are_found() -> None:
    assert len(PLACES) > 50


@pytest.mark.parametrize("place", PLACES)
def test_an_error_says_what_to_do_about_it(place: str) -> None:
    remedy = said(PLACES[place], "remedy")

    assert passes_on(PLACES[place]) or remedy is not None, "give it a remedy="
    assert not (isinstance(remedy, ast.Constant) and not remedy.value), "the remedy is empty"


@pytest.mark.parametrize("place", PLACES)
def test_a_code_is_a_group_and_a_name(place: str) -> None:
    code = said(PLACES[place], "code")

    assert not isinstance(code, ast.Constant) or CODE.fullmatch(str(code.value))


@pytest.mark.parametrize("name", TABLE)
def test_a_limit_says_what_and_what_to_do_about_it(name: str) -> None:
    problem = Limits().refusal(name).problem

    assert CODE.fullmatch(problem.code)
    assert problem.detail
    assert problem.remedy


@pytest.mark.parametrize(
    "fault", [MemoryError(), ValueError("s3cret"), OSError(28, "s3cret"), OSError(27, "s3cret")]
)
def test_a_fault_of_any_kind_becomes_an_error_with_a_remedy(fault: Exception) -> None:
    problem = named(fault).problem

    assert problem.remedy
    assert "s3cret" not in str(problem)


@pytest.mark.parametrize(
    "kind", [errors.UsageError, errors.InputError, errors.LimitError, errors.MissingExtra]
)
def test_an_error_of_a_worker_in_another_process_arrives_as_it_was(kind: type[FrictionError]) -> None:
    error = kind(
        "input.unreadable", "it cannot be read", remedy="give another", file="events.parquet", line=3
    )

    arrived = pickle.loads(pickle.dumps(error))

    assert type(arrived) is kind
    assert arrived.problem == error.problem
    assert str(arrived) == str(error)
