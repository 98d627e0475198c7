"""Does a piece of text name a person or open a door? Judged by its shape alone, without a dictionary.

A wrong yes costs a readable path, a wrong no leaks a secret, so the rules lean towards yes for long mixed
strings and leave words, slugs, numbers and dates alone. `tests/privacy` holds both error rates
to figures.
"""

from __future__ import annotations

import re
from string import ascii_lowercase

EMAIL, TOKEN, NUMBER, IP, TEXT = ":email", ":token", ":number", ":ip", ":text"
PLACEHOLDERS = frozenset({EMAIL, TOKEN, NUMBER, IP, TEXT})
"""What a masked piece is replaced with; a placeholder is never masked again."""

HARMLESS = r"(?:[a-z]{1,15}(?:[-_](?:[a-z]{1,15}|\d{1,8}))*+|\d{1,12}+|v\d{1,3})"
"""Words, slugs and short numbers: the cheap answer for nearly every piece of an address."""
_HARMLESS = re.compile(HARMLESS + r"|[^\W\d_]{0,15}")
_EMAIL = re.compile(r"[^\s@]@[^\s@]*\w\.[^\W\d]")
_CREDENTIALS = re.compile(r"\w:[^\s@]*@\w")
_KEY_PREFIX = re.compile(
    r"(?:^|[^A-Za-z0-9])(?:[sprw]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|A[KS]IA[0-9A-Z]{12}|"
    r"AIza[\w-]{20}|ya29\.|eyJ[\w-]{8}|SG\.[\w-]{8}|hf_\w{12}|npm_\w{12}|whsec_|Bearer\b)"
)
"""How well-known services begin their keys; what follows need not look random."""
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UUID_LENGTH = 36
_HEX = re.compile(r"(?i)(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{16,}")
_RUN = re.compile(r"[0-9A-Za-z]{16,}")
_NUMBER = re.compile(r"[0-9]+")
_NO_DIGIT = re.compile(r"\D")
_CARD = re.compile(r"\d{4}(?:[ -]\d{4}){2}[ -]\d{2,7}")
_SOCIAL = re.compile(r"\d{3}-\d{2}-\d{4}")
_FOLLOWERS = (
    "abcdfgiklmnprstuvwyz aeilorstu acehiklortuy adegilmorsuvy abcdefgilmnoprstuvxyz aefilortu"
    " aeghilnorstu aeilmorstuy abcdefgklmnoprstvz aeou aeinos adeiklmopstuvy abeimopsu acdefgiklnostuvy"
    " abcdefgiklmnoprstuvwxy aehiloprstu u abcdegiklmnoprstuvy aceghiklmnopqstuwy aehilmorstuwy"
    " abcdegilmnprst aeio aehinors aceipt acelmnops aeioz"
)
"""Which letters follow a, b, c … within words of English, French and German, rare pairs left out."""
_RARE = frozenset(
    first + second
    for first, followers in zip(ascii_lowercase, _FOLLOWERS.split(), strict=True)
    for second in set(ascii_lowercase) - set(followers)
)
_BASE64 = re.compile(r"[0-9A-Za-z_+-]{20,}={0,2}")
_DASHES = re.compile(r"[_+=-]")
_IBAN = re.compile(r"(?i)[a-z]{2}\d{2}[a-z0-9]{11,30}")
_PHONE = re.compile(r"\+\d[\d\s().-]{6,}\d|\(?0?\d{1,4}\)?(?:[\s.-]\(?\d{2,4}\)?){2,5}")
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_IPV6 = re.compile(r"(?i)(?=(?:[^:]*:){3})[0-9a-f:]{6,39}")


def words(text: str) -> frozenset[str]:
    """A vocabulary, written as one readable line."""
    return frozenset(text.split())


def placeholder(text: str) -> str | None:
    """What to write instead of `text` (percent-decoded), or null when it may stay as it is.

    E-mail addresses and credentials are found anywhere in the text, keys and random strings as a part of
    it, telephone, card and bank numbers and IP addresses only when they are all of it.
    """
    if _HARMLESS.fullmatch(text):
        return None
    if "@" in text:
        if _EMAIL.search(text):
            return EMAIL
        if _CREDENTIALS.search(text):
            return TOKEN
    if _is_number(text):
        return NUMBER
    if _IPV4.fullmatch(text) or _IPV6.fullmatch(text):
        return IP
    return TOKEN if _is_key(text) else None


def _is_key(text: str) -> bool:
    known = _UUID.search(text) or _KEY_PREFIX.search(text)
    return bool(known) or any(map(is_random, _RUN.findall(text))) or _is_base64(text)


def is_random(run: str, share: float = 0.24) -> bool:
    """Whether this run of letters and digits is no word: `k3J9x0q2…` yes, `GettingStartedWithPython3` no.

    Counted are numbers in between and pairs of letters that words rarely have, as a share of its length.
    """
    if _HEX.fullmatch(run):
        return True
    letters = run.lower()
    odd = sum(pair in _RARE for pair in map(str.__add__, letters, letters[1:])) + len(_NUMBER.findall(run))
    return odd >= share * len(run)


def _is_base64(text: str) -> bool:
    """A random string with the few dashes and underscores that base64url brings; a slug has more of them."""
    parts = _DASHES.split(text)
    few = len(parts) <= 3 + len(text) // 14 and max(map(len, parts)) >= 7
    return few and _BASE64.fullmatch(text) is not None and is_random("".join(parts), 0.28)


def _is_number(text: str) -> bool:
    """A telephone, bank card or bank account number; plain ids, versions and dates are none."""
    if len(text) == UUID_LENGTH and _UUID.fullmatch(text):  # as most keys are
        return False
    digits = _NO_DIGIT.sub("", text)
    if text.isdecimal() or _CARD.fullmatch(text):
        return 14 <= len(digits) <= 19 and digits[0] in "23456" and _luhn(digits)
    if 9 <= len(digits) <= 15 and _PHONE.fullmatch(text):
        return True
    return _SOCIAL.fullmatch(text) is not None or _is_iban(text.replace(" ", ""))


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    if not _IBAN.fullmatch(text) or not text.isascii():
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1
