"""What tells how far a visitor is: kinds of pages by the words of their path, and events by kind and name.

English and French words, on whole parts of a name: `write_review` is a sign of advocacy, `reviewer` is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from friction.dictionaries import Words
from friction.values import dataclass

SIGNS = ("search", "cart", "intent", "compare", "advocacy", "login", "support", "feedback", "chat")
OWN = ("own_awareness", "own_consideration", "own_decision", "own_retention", "own_advocacy")
"""Signs that `[stages]` asks for, bit by bit in the column of that name."""
SEGMENTS = tuple(f"segment_{number}" for number in range(16))
"""Signs of named segments (`[journey.segments]`), in the bits after those of `OWN`."""
SIGN = pl.Enum([*SIGNS, *OWN, *SEGMENTS])
OWN_COLUMN = "stage_own"

BY_KIND: Mapping[str, str] = {
    "search": "search",
    "add_to_cart": "cart",
    "ticket": "support",
    "feedback": "feedback",
}
_BY_NAME: tuple[tuple[str, str], ...] = (
    (
        "advocacy",
        r"(write|submit|post|leave|sent?|add|new|publish)\w* (a )?(review|rating|avis)s?|"
        r"(review|rating|avis)s? (written|submit\w*|posted|sent|added|left|depose|publie|create[d]?)|"
        r"shares?|shared|partage[r]?|refer|referrals?|referred|refer (a )?friend|parrain(age|er)?|invites?|invited|"
        r"invite (a )?friend|invitation sent|recommend(ed)?|recommander|testimonial",
    ),
    (
        "intent",
        r"(begin|start|started|initiate|initiated) checkout|checkout (started|initiated|begin|step)|"
        r"add (payment|shipping) info|(request|get|ask|submit) (a )?(quote|devis)|(quote|devis|demo|trial)|"
        r"(quote|devis|demo|trial|essai) (requested|request|started|start|booked|demande)|"
        r"(request|book|schedule|start|begin|demander) (a |free )?(demo|trial|essai)|"
        r"(choose|select|pick|chosen|selected) (a )?(plan|subscription|abonnement)|plan (chosen|selected|picked)",
    ),
    (
        "compare",
        r"compare|compared|comparison|compar(er|ateur)|(view|read) (reviews|avis)|wishlist|add to wishlist",
    ),
    ("login", r"log ?in|logged in|sign ?in|signed in|connexion"),
    ("chat", r"chat ?bot|(live )?chat( (opened?|started|message|session))?|chatbot \w+"),
    (
        "support",
        r"(support|service) (ticket|call|request|contact)|ticket( (created|opened))?|contact support|call center",
    ),
)
_NAMES = tuple((sign, re.compile(rf"(?:.* )?(?:{pattern})(?: .*)?")) for sign, pattern in _BY_NAME)

ROLES = ("pricing", "compare", "reviews", "intent", "advocacy")
_ROLE_WORDS: Mapping[str, frozenset[str]] = {
    "advocacy": frozenset(
        "write-review submit-review refer-a-friend refer referral referrals invite-friends parrainage"
        " donner-mon-avis deposer-un-avis ambassador ambassadeur".split()
    ),
    "intent": frozenset(
        "quote devis request-quote demande-de-devis trial free-trial essai essai-gratuit demo request-demo book-demo"
        " demande-de-demo".split()
    ),
    "compare": frozenset("compare comparison comparer comparateur comparaison vs".split()),
    "reviews": frozenset("reviews review avis ratings testimonials temoignages".split()),
    "pricing": frozenset("pricing plans tarifs prix prices tarification offres-et-tarifs".split()),
}
"""Words of paths that say more than the type of the page."""


@dataclass(frozen=True)
class Signs:
    """Which names of events are signs: codes of the column `name`, by sign."""

    by_code: Mapping[int, str]
    own: bool = False
    """Rows carry `OWN_COLUMN`."""


def signs_of(words: Words, *, own: bool = False) -> Signs:
    """The names that occur and mean something."""
    if "name" not in words.by_column:
        return Signs({}, own)
    named = enumerate(words.by_column["name"].to_list())
    return Signs({code: sign for code, name in named if name and (sign := sign_of(name))}, own)


def sign_of(name: str) -> str | None:
    """What an event of this name is a sign of; null for most."""
    plain = " ".join(
        re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("-", " ").replace("_", " ").lower().split()
    )
    return next((sign for sign, pattern in _NAMES if pattern.fullmatch(plain)), None)


def role_of(template: str, kind: str | None) -> str | None:
    """What a page is for the journey: its type, or one of `ROLES` where its path says so more exactly."""
    parts = [part.lower() for part in re.split(r"[/#]", template) if part and not part.startswith(":")]
    if kind not in {"cart", "checkout", "help"}:
        for part in reversed(parts):
            for role, words in _ROLE_WORDS.items():
                if part in words:
                    return role
    return kind


def signs_table(people: pl.DataFrame, signs: Signs) -> pl.DataFrame:
    """`session_id, sign, view` (the first one), `n` (events): one row a session and sign, few in all.

    `people` are rows of a part with `session_id, view, kind` and what `signs` needs.
    """
    found = [
        people.lazy()
        .filter(pl.col("kind").is_in(list(BY_KIND)))
        .select(
            "session_id",
            "view",
            sign=pl.col("kind").cast(pl.String).replace_strict(BY_KIND, return_dtype=SIGN),
        )
    ]
    if signs.by_code and "name" in people.columns:
        codes = pl.Series(list(signs.by_code), dtype=pl.UInt32)
        named = people.lazy().filter(pl.col("name").is_in(codes.implode()))
        said = pl.col("name").replace_strict(codes, list(signs.by_code.values()), return_dtype=SIGN)
        found.append(named.select("session_id", "view", sign=said))
    if signs.own and OWN_COLUMN in people.columns:
        found += [_own(people, bit, name) for bit, name in enumerate((*OWN, *SEGMENTS))]
    grouped = pl.concat(found).group_by("session_id", "sign")
    table = grouped.agg(pl.col("view").min(), pl.len().cast(pl.UInt32).alias("n"))
    return table.sort("session_id", "sign").collect(engine="in-memory")


def _own(people: pl.DataFrame, bit: int, name: str) -> pl.LazyFrame:
    marked = people.lazy().filter((pl.col(OWN_COLUMN) & (1 << bit)) != 0)
    return marked.select("session_id", "view", sign=pl.lit(name, SIGN))


def roles(pages: Sequence[str], types: Mapping[str, str]) -> list[str | None]:
    """The role of each page, by its code."""
    return [role_of(page, types.get(page)) for page in pages]
