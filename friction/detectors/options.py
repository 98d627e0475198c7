"""The options of a detector for forms and catalogues: type, bounds, default, and what each says about itself.

The text stands below the field. Its first sentence names the option with its unit; the rest says what a higher value
changes. It is the key of its translations. An option without a text, such as a plug-in's, is known by its name.
"""

from __future__ import annotations

import inspect
import sys
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from friction.declared import texts_of
from friction.detectors.base import Detector


def options_of(detector: type[Detector]) -> dict[str, dict[str, Any]]:
    """The JSON schema of each option by its name, its text as `description`."""
    schemas = TypeAdapter(detector).json_schema().get("properties", {})
    texts: dict[str, str] = {}
    for each in reversed(detector.__mro__):
        if issubclass(each, Detector):
            texts |= _of_module(each.__module__).get(each.__name__, {})
    said = {name: {"description": text} for name, text in texts.items()}
    return {name: {**said.get(name, {}), **schema} for name, schema in schemas.items()}


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    """What the classes of a module declare; nothing where its source is not at hand."""
    try:
        return texts_of(inspect.getsource(sys.modules[name]))
    except (KeyError, OSError, TypeError):
        return {}
