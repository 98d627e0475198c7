"""The sentences of a message about one thing that changed: what it is called, what changed, what it costs a day."""

from __future__ import annotations

from collections.abc import Mapping

from friction.i18n import Language
from friction.nightly import figures
from friction.nightly.figures import Daily
from friction.nightly.life import Life
from friction.nightly.update import Event
from friction.render.safe import clean


def title(life: Life, speak: Language) -> str:
    """What the point is called, clean."""
    from friction.i18n import points

    if life.detector not in points.TITLES:
        return clean(life.title)
    return clean(points.title(life.detector, life.page, life.label or life.target, speak))


def what(event: Event, speak: Language) -> str:
    """What changed, since when, against what was before."""
    life, when = event.life, _when(event, speak)
    if life.spike is not None:
        return _spike(event, speak)
    n, k = _since(event)
    shown = {"page": life.page, "when": when, "now": speak.percent(k / n if n else 0.0)}
    before = speak.percent(life.facts.get("before", 0.0))
    if "cost_now" in life.facts:
        return _revalued(event, shown, speak)
    if event.kind == "fixed":
        return _fixed(n, k, {**shown, "before": before}, speak)
    if event.kind == "regressed":
        return speak.text("It had gone; since {when} it hits {now} of the sessions on {page}.", **shown)
    if event.kind == "new":
        return _first_met(event, when, speak)
    return speak.text(
        "Since {when} it hits {now} of the sessions on {page}, before {before}.", before=before, **shown
    )


def _fixed(n: int, k: int, shown: Mapping[str, str], speak: Language) -> str:
    """Met by `k` of `n` sessions since."""
    if k:
        return speak.text("Only {now} of the sessions on {page} since {when}, before {before}.", **shown)
    return speak.plural(
        "None in {n} session since {when}.", "None in {n} sessions since {when}.", n, when=shown["when"]
    )


def _revalued(event: Event, shown: Mapping[str, str], speak: Language) -> str:
    """It is met as often as before, and costs something else."""
    if event.kind == "worse":
        return speak.text("It hits {now} of the sessions on {page} as before, and costs more.", **shown)
    return speak.text("It hits {now} of the sessions on {page} as before, and costs less.", **shown)


def _first_met(event: Event, when: str, speak: Language) -> str:
    n, k = _since(event)
    hit = speak.plural(
        "It hit {k} of the {n} session that saw {page} since {when}.",
        "It hit {k} of the {n} sessions that saw {page} since {when}.",
        n,
        k=speak.whole(k),
        page=event.life.page,
        when=when,
    )
    if not (before := event.life.facts.get("before")):
        return f"{hit} " + speak.text("Before, it never occurred.")
    return f"{hit} " + speak.text("Before, it was {before} of them.", before=speak.percent(before))


def _spike(event: Event, speak: Language) -> str:
    life = event.life
    shares = {name: speak.percent(life.facts.get(name, 0.0)) for name in ("now", "before")}
    if event.kind == "fixed":
        day = _of_day(life.since, speak)
        return speak.text(
            "Since {when} as many people go on from {page} as before.", when=day, page=life.page
        )
    return speak.text(
        "Since {when} {now} of the views of {page} are the last of a session, before {before}.",
        when=_when(event, speak),
        page=life.page,
        **shares,
    )


def _when(event: Event, speak: Language) -> str:
    """The release before it, or the day."""
    if event.mark is None:
        return _of_day(event.life.since, speak)
    day = speak.day(event.mark.at[:10])
    return speak.text("release {name} on {day}", name=clean(event.mark.text), day=day)


def _of_day(day: str, speak: Language) -> str:
    """A day behind “since”; French puts an article before it."""
    return speak.of("since", "{day}", day=speak.day(day))


def _since(event: Event) -> tuple[int, int]:
    """Sessions that saw the page since the course began, and those that met the point."""
    days = [counts for day, counts in event.life.days.items() if day >= event.life.since]
    return sum(n for n, _ in days), sum(k for _, k in days)


def cost(event: Event, daily: Daily | None, speak: Language) -> str:
    """What it costs a day with its range, empty where that cannot be told."""
    if daily is None or daily.high <= 0:
        return ""
    about, range_ = daily.estimate, _range(daily, speak)
    sure = speak.word("confidence", daily.confidence).capitalize()
    exits = daily.metric == "extra_exits"
    if event.kind == "fixed":
        if exits:
            return speak.amount(
                "Because of it about {n} more person a day left ({range}).",
                "Because of it about {n} more people a day left ({range}).",
                about,
                range=range_,
            )
        return speak.amount(
            "It used to cost about {n} conversion a day ({range}).",
            "It used to cost about {n} conversions a day ({range}).",
            about,
            range=range_,
        )
    earlier = figures.before(event.life) if event.kind in {"worse", "better"} else None
    if exits:
        said = speak.amount(
            "About {n} more person a day leaves ({range})",
            "About {n} more people a day leave ({range})",
            about,
            range=range_,
        )
    else:
        said = speak.amount(
            "Costs about {n} conversion a day ({range})",
            "Costs about {n} conversions a day ({range})",
            about,
            range=range_,
        )
    if earlier is not None and earlier.metric == daily.metric and earlier.high > 0:
        past = {"n": speak.decimal(earlier.estimate, 2), "range": _range(earlier, speak)}
        said += speak.text(", before {n} ({range})", **past)
    return f"{said}. {sure}."


def _range(daily: Daily, speak: Language) -> str:
    return speak.between(speak.decimal(max(0.0, daily.low), 2), speak.decimal(daily.high, 2))
