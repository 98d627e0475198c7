"""What settings say about themselves, for the schema: the text below each."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from friction.declared import texts_of


def described(schema: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of `model` with a `description` of every setting of our models in it."""
    models = {each.__name__: each for each in _below(BaseModel) if each.__module__.startswith(__package__)}
    known = {name: place for name, place in schema.get("$defs", {}).items() if name in models}
    for name, place in {**known, model.__name__: schema}.items():
        texts = {word: text for each in models[name].__mro__[::-1] for word, text in _texts(each).items()}
        for setting, declared in models[name].model_fields.items():
            word = declared.alias or setting
            field = place["properties"][word]
            if setting in texts and "description" not in field:
                place["properties"][word] = dict(sorted({**field, "description": texts[setting]}.items()))
    return schema


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def _texts(model: type[Any]) -> dict[str, str]:
    """The text below each field that a model of ours declares itself."""
    if not model.__module__.startswith(__package__):
        return {}
    return texts_of(inspect.getsource(model))[model.__name__]
