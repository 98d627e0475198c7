"""Free text as it may be kept: what a page, a message or a property says, without whom it speaks of.

Found anywhere in a text: e-mail addresses, web addresses (masked as such), values behind names of secrets and of
persons (`password=…`, `"phone": …`), keys and random strings, IP addresses, bank accounts, numbers of seven and more
digits (telephones, cards, orders), the name in a greeting. Dates, prices, versions and short numbers stay. A name in
the middle of a sentence looks like any other word and is not found.
"""

from __future__ import annotations

import re

from friction.privacy.addresses import mask_address
from friction.privacy.tokens import EMAIL, IP, NUMBER, PLACEHOLDERS, TEXT, TOKEN, placeholder, words

LIMIT = 300
"""Longer texts are cut at the last blank before."""
ROUNDS = 6
"""A text that has not settled by then was made to confuse: nothing of it is kept."""

SECRETS = words(
    "password passwd pwd pass passphrase secret token access_token refresh_token id_token auth authorization apikey"
    " api_key key private_key bearer cookie set-cookie sessionid session_token sid jsessionid phpsessid otp pin cvv cvc"
    " csrf xsrf signature credentials mot_de_passe passwort"
)
"""Names whose values open a door."""
PERSONAL = words(
    "email e-mail mail phone tel telephone mobile name firstname first_name lastname last_name fullname full_name"
    " surname username user_name login nickname birthday birthdate birth_date date_of_birth dob address street zip"
    " postcode postal_code city ssn iban bic card cardnumber card_number passport tax_id lat lng latitude longitude"
    " prenom nom adresse telefon vorname nachname geburtsdatum strasse plz"
)
"""Names whose values say who somebody is."""

_PLAIN = re.compile(r"(?:[^\W\d_]{1,15}+(?![^\W\d_])[ .,!?’'#>/-]{0,3}+){1,12}+")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
_ADDRESS = re.compile(r"(?:\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://|(?<![\w./:<])/(?=\w))[^\s\"'<>()\[\]{}]+")
_VAGUE = words("name key auth pin pass mail mobile address city street zip card cookie signature adresse nom")
"""Names that stand before ordinary words in a sentence as well: they count in properties alone."""
_NAMES = "|".join(sorted((re.escape(name) for name in (SECRETS | PERSONAL) - _VAGUE), key=len, reverse=True))
_KINDS = "|".join(sorted(kind.lstrip(":") for kind in PLACEHOLDERS))
_PAIR = re.compile(
    rf"""(?i)(?<![a-z0-9])(?!(?<=:)(?:{_KINDS})\b)({_NAMES})(["']?\s*[=:](?!(?:{_KINDS})\b)\s*)("[^"]*"|'[^']*'|[^\s,;&"'<>)\]}}]+)"""
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic|digest)\s+([\w.~+/=-]{6,})")
_EMAIL = re.compile(r"[\w.!#$%&*+/=?^`{|}~-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_RUN = re.compile(r"[\w+/.~-]{12,}={0,2}")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?\b")
_IPV4 = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)"
)
_IPV6 = re.compile(r"(?i)(?<![\w:])(?=(?:[0-9a-f]*:){3})[0-9a-f:]{6,39}(?![\w:])")
_DATE = r"(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_NUMBER = re.compile(rf"(?<![\w#:-])(?!{_DATE})(?:\+|\(\+?)?\d(?:[ \u00a0\u202f().,/-]{{0,2}}\d){{6,}}(?!\w)")
_MONEY = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,8}[.,]\d+")
_GREETING = re.compile(
    r"(?i)\b((?:hello|hi|hey|dear|welcome(?: back)?|good (?:morning|afternoon|evening)|signed in as|logged in as"
    r"|bonjour|bonsoir|salut|bienvenue|cher|chère|hallo|willkommen(?: zurück)?|guten (?:tag|morgen|abend)),? )"
    r"(?-i:(?!:)(?!To\b|In\b|Back\b)[^\W\d_a-z][^\W\d_]+(?: [^\W\d_a-z][^\W\d_]+){0,2})(?=[!,.]|$)"
)


def mask_text(text: str, limit: int = LIMIT, *, pairs: bool = True) -> str:
    """The text in one line without personal data, cut; any text goes in, and masking twice changes nothing more.

    Without `pairs` a name with a value is nothing special: in a selector it is an attribute (`[name=email]`).
    """
    for _ in range(ROUNDS):
        if len(text) <= limit and _PLAIN.fullmatch(text) and not _GREETING.search(text):
            return text
        before, text = text, _masked(text, limit, pairs=pairs)
        if text == before:
            return text
    return TEXT


def _masked(text: str, limit: int, *, pairs: bool) -> str:
    """One round: what is masked may leave something beside it that only now looks like more."""
    found = _BLANKS.sub(" ", text[: 8 * limit]).strip()
    found = _cut(found, 4 * limit)
    found = _ADDRESS.sub(_address, found)
    found = _SCHEME.sub(_scheme, found)
    found = _PAIR.sub(_pair, found) if pairs else found
    found = _EMAIL.sub(EMAIL, found)
    found = _IBAN.sub(_number, found)
    found = _RUN.sub(_run, found)
    found = _IPV4.sub(IP, found)
    found = _IPV6.sub(IP, found)
    found = _NUMBER.sub(_long, found)
    return _cut(_GREETING.sub(rf"\1{TEXT}", found), limit)


def mask_value(name: str, value: str) -> str:
    """A property as it may be kept: nothing of those whose name says that it is personal, else as `mask_text`."""
    known = name.rpartition(".")[2].lower()
    if known in SECRETS or known in PERSONAL or known.replace("_", "") in SECRETS | PERSONAL:
        return value if value in PLACEHOLDERS else placeholder(value) or TEXT
    return mask_text(value)


def _cut(text: str, limit: int) -> str:
    """The beginning up to the last blank, so that no half of a number or token is left; without one nothing is."""
    if len(text) <= limit:
        return text
    head, blank, _ = text[: limit + 1].rpartition(" ")
    return head.rstrip() if blank else TEXT


def _address(found: re.Match[str]) -> str:
    bare = found[0].rstrip(".,;:!?")
    return mask_address(bare) + found[0][len(bare) :]


def _pair(found: re.Match[str]) -> str:
    """After a colon an ordinary word is one: `Password: required` names none."""
    value = found[3].strip("\"'")
    is_word = "=" not in found[2] and value == found[3] and value.isalpha() and value.islower()
    if is_word or not value or value in PLACEHOLDERS:
        return found[0]
    return found[1] + found[2] + (TOKEN if found[1].lower() in SECRETS else TEXT)


def _scheme(found: re.Match[str]) -> str:
    """A word after `Basic` is a word: only what looks like a key is one, of `Bearer` whatever stands there."""
    is_key = found[1].lower() == "bearer" or placeholder(found[2]) or not found[2].isalpha()
    return f"{found[1]} {TOKEN}" if is_key else found[0]


def _run(found: re.Match[str]) -> str:
    """A key or random string, wherever in the run it stands; else the run as it is."""
    if any(mark in found[0] for mark in PLACEHOLDERS):
        return found[0]
    return TOKEN if placeholder(found[0]) == TOKEN else found[0]


def _number(found: re.Match[str]) -> str:
    return NUMBER if placeholder(re.sub(r"[ -]", "", found[0])) == NUMBER else found[0]


def _long(found: re.Match[str]) -> str:
    """A long number; an amount of money is none, however it is written."""
    return found[0] if _MONEY.fullmatch(found[0].lstrip("+(")) else NUMBER
