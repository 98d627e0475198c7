"""What the fields of classes say about themselves: the text below each, read from the source when it is asked for.

Python throws such texts away. Reading them whenever the classes are made would take as long as to load a third of the
engine.
"""

from __future__ import annotations

import ast
from itertools import pairwise


def texts_of(source: str) -> dict[str, dict[str, str]]:
    """Class → field → the text below it, for the classes at the top of a module; line breaks are blanks."""
    return {node.name: _texts(node) for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}


def _texts(node: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, below in pairwise(node.body):
        match field, below:
            case ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                found[name] = " ".join(text.split())
    return found
