"""Style sheets of a recording as they may be kept: what they look like, without anything they would fetch.

Pictures, fonts and imported sheets lie at addresses, inside or outside of the site; a replay has no network, so all of
them go. What is drawn by the sheet itself, and references within the page (`url(#shade)`), stay.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 2_000_000
"""Characters; a longer sheet is not kept."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORT = re.compile(r"(?i)@(?:import|charset|namespace)\b(?:[^;\"']|\"[^\"]*\"|'[^']*')*(?:;|\Z)")
_URL = re.compile(
    r"(?i)\b(?:url|src|image|image-set|-webkit-image-set)\(\s*(?!['\"]?#)(?:\"[^\"]*\"|'[^']*'|[^)])*\)"
)
_ESCAPED = re.compile(r"\\0{0,4}[2-7][0-9a-fA-F]\s?")
"""A letter written by its number: no sheet needs it, and it could spell an address."""
_ADDRESS = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*:)?//[^\s\"'();,]+")


@lru_cache(maxsize=256)
def masked_css(text: str) -> str:
    """The sheet, rule or declarations; masking twice changes nothing more."""
    if len(text) > LONGEST:
        return ""
    bare = _IMPORT.sub("", _COMMENT.sub("", _ESCAPED.sub("", text)))
    return _ADDRESS.sub("", _URL.sub("none", bare))
