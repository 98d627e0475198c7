"""Frozen dataclasses, made in a third of the time that the standard library takes.

It writes six functions for each class and compiles them one by one, which was a third of what a process takes to load;
most classes are never compared, shown or even made in it. Here all classes share what can be said of any, and
`__init__` is written when it is first asked for. Everything else is the library's: `fields`, `replace`, `is_dataclass`
and subclasses of either kind work as ever, and to tools that read types it is the library's decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from functools import cache, partial
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

__all__ = ["dataclass"]

Made = TypeVar("Made")
INIT = "__init__"

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: Literal[True], kw_only: bool = False) -> Callable[[type[Made]], type[Made]]:
        """`dataclasses.dataclass` for classes that are frozen and compared by their fields, without `InitVar`."""
        return partial(_made, frozen=frozen, kw_only=kw_only)


def _made(kind: type[Made], *, frozen: bool, kw_only: bool) -> type[Made]:
    own = vars(kind)
    # The library would write the class's signature there.
    kind.__doc__ = kind.__doc__ or kind.__name__
    # Below a class that is frozen only a frozen one is allowed: then it writes two of the functions.
    below = any(map(dataclasses.is_dataclass, kind.__mro__[1:]))
    made = dataclasses.dataclass(frozen=below, kw_only=kw_only, init=False, repr=False, eq=False)(kind)
    made.__dataclass_params__.frozen = frozen  # type: ignore[attr-defined]
    for name, function in {**_SHARED, INIT: _Init(made)}.items():
        if own.get(name) is None:
            setattr(made, name, function)
    return made


class _Init:
    """Stands for the `__init__` of a class until somebody asks for it."""

    def __init__(self, kind: type[Any]) -> None:
        self.kind = kind

    def __get__(self, one: Any, _: type[Any] | None = None) -> Any:
        written = _init(self.kind)
        setattr(self.kind, INIT, written)
        return written.__get__(one) if one is not None else written


def _init(kind: type[Any]) -> Callable[..., None]:
    """A function that sets the fields of one that is new, then calls its `__post_init__` if there is one."""
    taken = [each for each in fields(kind) if each.init]
    places = [_parameter(each) for each in taken if not each.kw_only]
    words = [_parameter(each) for each in taken if each.kw_only]
    lines = [f" _put(self, {each.name!r}, {_value(each)})" for each in taken]
    lines += [" self.__post_init__()"] * hasattr(kind, "__post_init__")
    parameters = ", ".join(["self", *places, *(["*"] if words else []), *words])
    known: dict[str, Any] = {"_put": object.__setattr__, "_unsaid": _UNSAID}
    known |= {f"_default_{each.name}": each.default for each in taken}
    known |= {f"_new_{each.name}": each.default_factory for each in taken}
    exec("\n".join([f"def {INIT}({parameters}):", *(lines or [" pass"])]), known)
    written: Callable[..., None] = known[INIT]
    written.__qualname__ = f"{kind.__qualname__}.{INIT}"
    return written


_UNSAID = object()


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_unsaid"
    return field.name if field.default is MISSING else f"{field.name}=_default_{field.name}"


def _value(field: Field[Any]) -> str:
    if field.default_factory is MISSING:
        return field.name
    return f"_new_{field.name}() if {field.name} is _unsaid else {field.name}"


@cache
def _compared(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.compare)


def _content(one: Any) -> tuple[Any, ...]:
    return tuple([getattr(one, name) for name in _compared(one.__class__)])


def _equal(one: Any, other: object) -> bool:
    return _content(one) == _content(other) if type(other) is type(one) else NotImplemented


def _hash(one: Any) -> int:
    return hash(_content(one))


@recursive_repr()
def _shown(one: Any) -> str:
    said = [f"{each.name}={getattr(one, each.name)!r}" for each in fields(one) if each.repr]
    return f"{type(one).__qualname__}({', '.join(said)})"


def _set(_: Any, name: str, __: Any) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(_: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED: dict[str, Any] = {
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__setattr__": _set,
    "__delattr__": _delete,
}
