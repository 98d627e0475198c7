"""What a configuration could say, read off the data: goals, steps, pages by type, and who probably does not count.

A person decides; so each proposal says how many sessions it is about, and nothing personal is proposed: a pattern for
the addresses of a domain, never somebody's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field
from urllib.parse import urlsplit

import polars as pl

from friction.goals import Clause
from friction.ingest.events import Events
from friction.report import Candidate
from friction.summary.candidates import candidates
from friction.values import dataclass

PURCHASE = re.compile(r"purchase|order|transaction|paid|payment|achat|commande|paiement|kauf|bestell", re.I)
ON_THE_WAY = re.compile(
    r"begin|start|view|click|add|cancel|fail|refund|abandon|error|remove|list|history", re.I
)
TRIAL_HOST = re.compile(
    r"(^|[.-])(staging|stage|dev|develop|test|testing|qa|uat|preview|preprod|recette|sandbox|local|localhost)\d*([.-]|$)"
    r"|^(127|10)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.",
    re.I,
)
BACK_ROOM = re.compile(
    r"^/(?:[a-z]{2}/)?(admin|wp-admin|administrator|backoffice|back-office|backend|cms)(?=/|$)", re.I
)
FEW = 0.1
"""A path for the own people is seen by fewer sessions than this; else it is what the site is for."""
PAGES_SHOWN, EXCLUDED_SHOWN = 8, 12


@dataclass(frozen=True)
class Line:
    """One pattern for `[exclude]`, with the sessions it would take out."""

    rule: str
    pattern: str
    sessions: int


@dataclass(frozen=True)
class Proposals:
    """All that is proposed; `steps` are the pages of the first goal, in their order."""

    sessions: int
    goals: list[Candidate]
    types: dict[str, list[str]]
    untyped: list[str]
    exclude: list[Line]
    main_host: str | None
    time_is_assumed: bool
    steps: list[str] = field(default_factory=list)


def proposals(events: Events) -> Proposals:
    """Everything but the steps, which need a goal to be chosen first."""
    types: dict[str, list[str]] = {}
    untyped = []
    for page in _by_sessions(events):
        if (kind := events.pages.types.get(page)) is None:
            untyped.append(page)
        else:
            types.setdefault(kind, []).append(page)
    return Proposals(
        sessions=events.names.len(),
        goals=goals(events),
        types={kind: pages[:PAGES_SHOWN] for kind, pages in sorted(types.items())},
        untyped=untyped[:PAGES_SHOWN],
        exclude=_outsiders(events)[:EXCLUDED_SHOWN],
        main_host=events.pages.main_host,
        time_is_assumed="tz_assumed" in events.context.columns and bool(events.context["tz_assumed"].any()),
    )


def goals(events: Events) -> list[Candidate]:
    """The best first: what the source itself calls a conversion, then purchases, other events, pages of thanks."""
    found = {each.definition: each for each in (*_conversions(events), *candidates(events))}
    return sorted(found.values(), key=lambda each: (_weakness(each), -each.sessions, each.definition))


def _weakness(goal: Candidate) -> int:
    name = goal.definition.partition("=")[2]
    if ON_THE_WAY.search(name):
        return 4
    return {"conversion": 0, "event_name": 1}.get(goal.reason, 3) + (0 if PURCHASE.search(name) else 1)


def _conversions(events: Events) -> list[Candidate]:
    """Names of events of the kind `conversion`."""
    known = events.dictionaries.get("name")
    if known is None:
        return []
    named = [pl.DataFrame(schema={"session": pl.UInt32(), "code": pl.UInt32()})]
    for rows, key in events.store.pieces(["kind", "name"]):
        at = (rows["kind"] == "conversion").arg_true()
        found = pl.DataFrame({"session": key.gather(at), "code": known.code(rows["name"].gather(at))})
        named.append(found.unique())
    counted = pl.concat(named).drop_nulls().group_by("code").agg(pl.col("session").n_unique()).sort("code")
    return [
        Candidate(str(Clause("event", "=", known.words[code])), sessions, "conversion")
        for code, sessions in counted.iter_rows()
        if sessions < events.names.len()
    ]


def _by_sessions(events: Events) -> list[str]:
    """Pages, those that most sessions saw first."""
    seen = _seen(events, "page", "url")
    counted = (
        seen.group_by("word")
        .agg(pl.col("session").n_unique())
        .sort("session", "word", descending=[True, False])
    )
    return [page for page in counted["word"].to_list() if not page.startswith("(")]


def _seen(events: Events, column: str, source: str) -> pl.DataFrame:
    """Distinct pairs of session and word."""
    known = events.dictionaries.get(column)
    if known is None or source not in events.store.columns:
        return pl.DataFrame(schema={"session": pl.UInt32(), "word": pl.String()})
    told = [
        pl.DataFrame({"session": key, "code": known.code(rows[source])}).drop_nulls().unique()
        for rows, key in events.store.pieces([source])
    ]
    pairs = pl.concat(told).unique()
    return pairs.select("session", word=known.words.gather(pairs["code"]))


def _outsiders(events: Events) -> list[Line]:
    """Trial hosts, back rooms, and people of the own domain: most sessions first."""
    urls, visitors = _seen(events, "url", "url"), _seen(events, "visitor_id", "visitor_id")
    found = _lines("pages", urls, _trial_host(events.pages.main_host))
    back = _lines("pages", urls, _back_room)
    found += [line for line in back if line.sessions < FEW * events.names.len()]
    found += _lines("visitors", visitors, _own_people(events.pages.main_host))
    return sorted(found, key=lambda line: (-line.sessions, line.pattern))


def _lines(rule: str, seen: pl.DataFrame, pattern_of: Callable[[str], str | None]) -> list[Line]:
    words = seen["word"].unique().to_list()
    patterns = {word: pattern for word in words if (pattern := pattern_of(word))}
    if not patterns:
        return []
    fitting = seen.filter(pl.col("word").is_in(list(patterns)))
    counted = (
        fitting.with_columns(pl.col("word").replace(patterns))
        .group_by("word")
        .agg(pl.col("session").n_unique())
    )
    return [Line(rule, pattern, sessions) for pattern, sessions in counted.iter_rows()]


def _trial_host(main: str | None) -> Callable[[str], str | None]:
    def pattern(url: str) -> str | None:
        host = _host(url)
        return f"*://{host}*" if host and host != main and TRIAL_HOST.search(host) else None

    return pattern


def _back_room(url: str) -> str | None:
    path = url if url.startswith("/") else urlsplit(url).path if "://" in url else ""
    room = BACK_ROOM.match(path)
    return f"*/{room[1]}*" if room else None


def _own_people(main: str | None) -> Callable[[str], str | None]:
    domain = ".".join((main or "").split(":")[0].split(".")[-2:]).lower()

    def pattern(visitor: str) -> str | None:
        return f"*@{domain}" if "." in domain and visitor.lower().endswith("@" + domain) else None

    return pattern


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).netloc or None if "://" in url else None
    except ValueError:
        return None
