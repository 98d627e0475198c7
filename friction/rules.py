"""Own rules: detectors made of `[rules.NAME]` in the configuration (`friction.config.rules` holds the form).

A rule is a sequence of events of one session. An event continues the sequence from the last row before it that has
come as far; so each occurrence is the shortest one that ends there, and other events may lie in between. Occurrences
that share events are one finding. All is worked out for all rows at once, event by event of the *rule*: one fill and
one look-up each, on the rows that the rule names at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar

import polars as pl
from annotated_types import Ge, Le

from friction import goals
from friction.config import RuleSettings, StepSettings
from friction.config.rules import MOST_EVENTS
from friction.detectors.base import Detector, findings, span
from friction.goals import Clause, Goal
from friction.schema import KINDS

Duration = Annotated[int, Ge(1), Le(86_400_000)]
_COLUMN_OF = {"event": "name", "is": "el_flags"}
"""Column a field of a condition is read off, where it has another name."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnRule(Detector):
    """What all own rules share. Subclasses are made by `detector`, one a rule, with its thresholds as fields."""

    rule: ClassVar[RuleSettings]

    @property
    def of_row(self) -> Mapping[str, Sequence[Sequence[Goal]]]:
        """Bits of the column `asked_NAME`: events of the steps, what they exclude, what takes all back."""
        return {f"asked_{self.name}": _asked(self.rule)}

    def __reduce__(self) -> tuple[Any, ...]:
        """Its class is made again where it is needed: another process has none of that name."""
        return _made_again, (self.name, self.rule, dataclasses.asdict(self))

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Occurrences of the sequence, those that share events as one."""
        rows = self._relevant(events)
        chain, places = rows.select(done=self._is(0), since="ts", on="target"), []
        for step in self._steps()[1:]:
            chain = self._continued(rows, chain, step)
            places.append(chain["before"])
        ends = (chain["done"] & ~self._taken_back(rows)).arg_true()
        return findings(self._findings(rows, chain, _listed(ends, places)).lazy())

    def _relevant(self, events: pl.LazyFrame) -> pl.DataFrame:
        """The rows that the rule names, with its bits."""
        kept = ("session_id", "view", "page", "target", "ts", "row")
        bits = pl.col(f"asked_{self.name}").fill_null(0).cast(pl.UInt32).alias("bits")
        return events.select(*kept, bits).filter(pl.col("bits") != 0).collect()

    def _steps(self) -> list[int]:
        """The step that each event of the sequence belongs to, from 0."""
        return [
            step for step in range(len(self.rule.steps)) for _ in range(self._set(f"step{step + 1}_times"))
        ]

    def _set(self, name: str) -> Any:
        """A threshold in force: fields of the classes that are made, which no type checker sees."""
        return getattr(self, name)

    def _is(self, bit: int) -> pl.Expr:
        return (pl.col("bits") & pl.lit(1 << bit, pl.UInt32)) != 0

    def _continued(self, rows: pl.DataFrame, chain: pl.DataFrame, step: int) -> pl.DataFrame:
        """The sequences that reach one event further: which rows end them, where they came from, since when."""
        number = pl.int_range(pl.len(), dtype=pl.UInt32)
        joined = rows.hstack(chain.drop("before", strict=False))
        joined = joined.with_columns(before=pl.when("done").then(number).forward_fill().shift())
        before = {
            name: pl.col(name).gather(pl.col("before"))
            for name in ("session_id", "view", "ts", "since", "on")
        }
        excluded = self._is(len(self.rule.steps) + step).cum_sum()
        claims = [
            self._is(step),
            before["session_id"] == pl.col("session_id"),
            excluded.shift() == excluded.gather(pl.col("before")),
        ]
        if not self.rule.across_pages:
            claims.append(before["view"] == pl.col("view"))
        if self.rule.same_target:
            claims.append((before["on"] == pl.col("target")).fill_null(value=True))
        for since, longest in (
            ("ts", self._set(f"step{step + 1}_within_ms")),
            ("since", self._set("within_ms")),
        ):
            if longest is not None:
                claims.append(pl.col("ts") - before[since] <= span(longest))
        return joined.select(
            "before",
            done=pl.all_horizontal(*claims).fill_null(value=False),
            since=before["since"],
            on=pl.coalesce("target", before["on"]),
        )

    def _taken_back(self, rows: pl.DataFrame) -> pl.Series:
        """Where what the rule calls `unless` follows soon enough."""
        if not self.rule.unless:
            return pl.repeat(value=False, n=rows.height, eager=True)
        number = pl.int_range(pl.len(), dtype=pl.UInt32)
        marked = self._is(2 * len(self.rule.steps))
        after = rows.with_columns(after=pl.when(marked).then(number).backward_fill().shift(-1))
        here = pl.col("session_id").gather(pl.col("after")) == pl.col("session_id")
        late = pl.col("ts").gather(pl.col("after")) - pl.col("ts")
        soon = late <= span(self._set("unless_ms"))
        return after.select((here & soon).fill_null(value=False).alias("back"))["back"]

    def _findings(self, rows: pl.DataFrame, chain: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
        """One row for each run of occurrences that share events; `listed` has their rows, first to last."""
        starts = (listed["first"] > listed["last"].shift()).fill_null(value=True).cast(pl.UInt32)
        runs = listed.with_columns(run=starts.cum_sum())
        ends = runs.group_by("run", maintain_order=True).agg(
            pl.col("last").first(), end=pl.col("last").last()
        )
        places = runs.select("run", "places").explode("places").unique().sort("run", "places")
        events = places.group_by("run", maintain_order=True).agg("places", begin=pl.col("places").first())
        found = ends.join(events, on="run", maintain_order="left")
        trigger = found["last"]
        exploded = found.select("run", "places").explode("places")
        listed_rows = exploded.with_columns(row=rows["row"].gather(exploded["places"]))
        listed_rows = listed_rows.group_by("run", maintain_order=True).agg("row")
        return (
            rows.select("session_id", "page")
            .select(pl.all().gather(trigger))
            .with_columns(
                target=chain["on"].gather(trigger),
                start=rows["ts"].gather(found["begin"]),
                end=rows["ts"].gather(found["end"]),
                events=found["places"].list.len(),
                rows=listed_rows["row"],
                trigger_row=rows["row"].gather(trigger),
                severity=pl.lit(self.rule.severity),
                aside=pl.lit(None, pl.String()),
            )
        )


def _listed(ends: pl.Series, before: Sequence[pl.Series]) -> pl.DataFrame:
    """`first, last, places` of the occurrences that end there, followed back event by event."""
    steps = [ends.cast(pl.UInt32)]
    for links in reversed(before):
        steps.insert(0, links.gather(steps[0]))
    named = pl.DataFrame([each.alias(f"at{number}") for number, each in enumerate(steps)])
    places = pl.concat_list(named.columns)
    return named.select(first=steps[0].alias("first"), last=steps[-1].alias("last"), places=places)


def _asked(rule: RuleSettings) -> list[list[Goal]]:
    """Conditions by bit: the steps (on the rule's pages), what each excludes, what takes all back."""
    on_page = () if rule.page is None else (Clause("page", "~", rule.page),)
    steps = [[Goal((*each.clauses, *on_page)) for each in _parsed(step.when)] for step in rule.steps]
    return [*steps, *(_parsed(step.without) for step in rule.steps), _parsed(rule.unless)]


def _parsed(expressions: Sequence[str]) -> list[Goal]:
    return [goals.parse(expression, goals.CONDITIONS) for expression in expressions]


def detectors_of(rules: Mapping[str, RuleSettings]) -> dict[str, type[Detector]]:
    """The detector of each rule, in the order in which they are declared."""
    return {name: detector(name, rule) for name, rule in rules.items()}


@cache
def detector(name: str, rule: RuleSettings) -> type[OwnRule]:
    """The detector that a rule declares: its words are the docstring, its bounds of time and number the settings."""
    fields: list[tuple[str, Any, Any]] = [("within_ms", Duration | None, rule.within_ms)]
    for number, step in enumerate(rule.steps, start=1):
        fields.append((f"step{number}_times", Annotated[int, Ge(1), Le(MOST_EVENTS)], step.times))
        fields.append((f"step{number}_within_ms", Duration | None, step.within_ms))
    if rule.unless:
        fields.append(("unless_ms", Duration, rule.unless_ms))
    clauses = [clause for each in _asked(rule) for goal in each for clause in goal.clauses]
    said = {
        "name": name,
        "rule": rule,
        "columns": frozenset(_COLUMN_OF.get(clause.field, clause.field) for clause in clauses) - {"page"},
        "filled": frozenset(_needed(each) for each in _asked(rule) if each),
        "titled": rule.title.replace("{", "{{").replace("}", "}}") + ": {page}",
        "advice": (rule.advice, rule.check),
        "__doc__": _documented(name, rule),
        "__module__": __name__,
    }
    return dataclasses.make_dataclass(
        name, fields, bases=(OwnRule,), namespace=said, frozen=True, kw_only=True
    )


def _made_again(name: str, rule: RuleSettings, thresholds: Mapping[str, Any]) -> Detector:
    return detector(name, rule)(**thresholds)


def _needed(alternatives: Sequence[Goal]) -> str:
    """What some row must have for one of these conditions to hold at all, as `Detector.filled` writes it."""
    return "|".join(sorted({_need(goal.clauses) for goal in alternatives}))


def _need(clauses: Sequence[Clause]) -> str:
    """The kind that is asked for, or the column of the first condition."""
    for clause in clauses:
        if clause.field == "event" and clause.operator == "=" and clause.value in KINDS:
            return clause.value
    first = clauses[0].field
    return {"event": "name", "is": "target", "page": "url"}.get(first, first)


def _documented(name: str, rule: RuleSettings) -> str:
    """The docstring: title, summary and the five paragraphs of every detector."""
    paragraphs = {
        "Finds": _sequence(rule),
        "Matters": rule.matters or "Whoever declared the rule says nothing of it.",
        "Misleads": rule.misleads or "Whoever declared the rule says nothing of it.",
        "Defaults": "As declared.",
        "Sources": f"[rules.{name}] of the configuration.",
    }
    lines = [f"{_plain(rule.title)}: {_plain(rule.finds).rstrip('.')}.", ""]
    return "\n".join([*lines, *(f"{label:9} {_plain(text)}" for label, text in paragraphs.items())])


def _plain(text: str) -> str:
    return " ".join(text.split())


def _sequence(rule: RuleSettings) -> str:
    """The rule in a sentence, in the words of its conditions."""
    steps = "; then ".join(_step(step) for step in rule.steps)
    where = "" if rule.page is None else f" on {rule.page}"
    whole = "" if rule.within_ms is None else f", all within {rule.within_ms} ms"
    back = f"; not when {_either(rule.unless)} follows within {rule.unless_ms} ms" if rule.unless else ""
    views = "in one session" if rule.across_pages else "in one page view"
    return f"{steps}{where}{whole}{back}, {views}."


def _step(step: StepSettings) -> str:
    often = "" if step.times == 1 else f" {step.times} times"
    soon = "" if step.within_ms is None else f" within {step.within_ms} ms"
    without = f" without {_either(step.without)}" if step.without else ""
    return f"{_either(step.when)}{often}{soon}{without}"


def _either(expressions: Sequence[str]) -> str:
    return " or ".join(expressions)
