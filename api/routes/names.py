"""Names in paths."""

from __future__ import annotations

from starlette.convertors import StringConvertor, register_url_convertor


class Plain(StringConvertor):
    """A name without a dot: what follows a dot is the form that is asked for."""

    regex = "[^/.]+"


register_url_convertor("plain", Plain())
