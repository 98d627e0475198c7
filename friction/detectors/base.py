"""What every detector is: a frozen value of thresholds, and a pure function from events to findings.

`detect` receives whole sessions sorted by `session_id, ts, seq`, with the columns named in `columns` (and
always `CORE`). Inside a part the columns of `CODES` are integers and `el_flags` holds the facts about the
element as bits (`friction.elements`); a detector compares and groups these columns and never looks inside
them, so strings (in a unit test) work as well. Filter to the kinds you need first; write neighbour logic as
one `shift` plus a "same session" test and number runs by `starts.cum_sum()`: per-session expressions are 15
to 50 times slower. Where few sessions can have a finding, choose them by few columns first (`in_sessions_of`).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Self

import polars as pl
from pydantic import AfterValidator, BeforeValidator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from friction.elements.chain import Fact, NameFact
from friction.errors import UsageError, nearest
from friction.goals import Goal
from friction.misfits import misfit
from friction.schema import EVENT, PAGE_TYPE, TS

CORE: frozenset[str] = frozenset({"session_id", "ts", "kind", "page", "target", "row", "view"})
"""Columns every detector may use without naming them; `row` is the event's position, `view` its page view."""

CODES: frozenset[str] = frozenset({"session_id", "url", "page", "target", "form", "field", "error"})
"""Columns that are integer codes inside a part (UInt32) and strings in a unit test."""

DERIVED = pl.Schema(
    {
        "row": pl.UInt32(),
        "view": pl.UInt32(),
        "el_flags": pl.UInt64(),
        "error": pl.UInt32(),
        "error_noise": pl.Boolean(),
        "scroll_ends": pl.Boolean(),
        "at_corner": pl.Boolean(),
        "page_type": PAGE_TYPE,
        "goals": pl.UInt8(),
    }
)
"""Input columns that are not of the event table.

`row` is the position, `view` the number of the page view; both count through a part. `error` is the code of
an error's fingerprint; `error_noise` marks errors that say nothing about this site; `scroll_ends` is true on all rows
of an input that knows the kind `scroll_end`; `at_corner` marks clicks at (0, 0), where scripts and labels click, unless
most clicks of the input stand there; `page_type` is what the words of the page say it is, null where they say
nothing; `goals` has bit i set where goal i is reached.
"""

REASONS: tuple[str, ...] = (
    *("answered", "chosen", "hint", "dragged"),
    *("text_editing", "native_control", "stepper", "pager", "carousel", "calendar", "slider", "media"),
    *(
        "canvas",
        "text_selection",
        "scrolled",
        "modifier_key",
        "keyboard",
        "other_button",
        "opt_out",
        "new_tab",
    ),
    *(
        "download",
        "disabled",
        "not_actionable",
        "synthetic",
        "reloads_itself",
        "search_form",
        "noise",
        "recording_end",
    ),
    *("same_click", "login_form", "rule", "background", "usual", "no_place"),
)
"""Why a finding does not count although it has the shape of one; each is listed in the report."""
REASON = pl.Enum(REASONS)


def _reasons(value: Any) -> Any:
    """Words separated by commas, as a command line gives them, are a list as well."""
    return (
        tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value
    )


def _known(reasons: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := sorted(set(reasons) - set(REASONS)):
        raise ValueError(f"there is no reason {unknown[0]!r} ({nearest(unknown[0], REASONS)})")
    return tuple(sorted(set(reasons)))


Counted = Annotated[tuple[str, ...], BeforeValidator(_reasons), AfterValidator(_known)]
"""Reasons, each of them one of `REASONS`."""

FINDING = pl.Schema(
    {
        "start": TS,
        "end": TS,
        "events": pl.UInt32(),
        "rows": pl.List(pl.UInt32()),
        "trigger_row": pl.UInt32(),
        "severity": pl.Float32(),
        "aside": REASON,
    }
)
"""Columns of every findings frame besides `session_id, page, target` (of the input's own types).

`rows` are the `row` values of the events that make the finding up, in order; `trigger_row` is the one of them
at which the definition is met, on the finding's page; `severity` 0–1; `aside` null for a finding that counts.
Further columns are the detector's own details. A finding of a whole page has `target` null.
"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Detector:
    """One kind of friction. Subclasses add fields (thresholds, with `Annotated` bounds) and `detect`."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()
    """Capabilities without which the answer is *not assessable*, never zero."""
    needs_one_of: ClassVar[frozenset[str]] = frozenset()
    """Capabilities of which at least one is needed besides."""
    columns: ClassVar[frozenset[str]] = frozenset()
    """Columns `detect` reads besides `CORE`; one that the input lacks is a column of nulls."""
    coded: ClassVar[Mapping[str, str]] = {}
    """Columns of the findings that hold codes of a column of another name: `{"target": "form"}`."""
    at_opening: ClassVar[bool] = False
    """True when the friction is there as the page opens (it is slow), not by an action of the visitor."""
    cost_follows: ClassVar[bool] = False
    """True when the harm shows in the page view of a finding's last event, not in that of its trigger."""
    opt_in: ClassVar[bool] = False
    """True when it runs only for who asks for it: it says little by itself, or is costly to look for."""
    outcome: ClassVar[bool] = False
    """True when the definition contains leaving: findings are then outcomes, never exposures of a model."""
    costed: ClassVar[bool] = True
    """False when a finding follows what went wrong or is nothing but leaving: its points have no cost of their own."""
    titled: ClassVar[str] = ""
    """What a point of it is called, with `{page}` and `{target}`; empty for those that `friction.i18n` knows."""
    advice: ClassVar[tuple[str, str]] = ("", "")
    """What to do about a point, and how to find out whether it helped; empty as above."""
    kinds: ClassVar[frozenset[str]] = frozenset()
    """High-volume kinds of rows that a source yields only to those who need them."""
    preset: ClassVar[str | None] = None
    """The tool whose rule this is; null for friction's own. The rule of a tool judges automated sessions too."""
    is_verified: ClassVar[bool] = True
    """False for a rule that is not known from the tool itself."""
    is_published: ClassVar[bool] = True
    """False for a rule whose numbers nobody outside knows: it is never assessable."""
    reactions: ClassVar[frozenset[str]] = frozenset()
    """Kinds of which the input must have at least one row, where silence is what the rule looks for."""
    filled: ClassVar[frozenset[str]] = frozenset()
    """Columns and facts that some row must have; `a|b`: one of them."""
    described_by: ClassVar[str] = "el_tag"
    """The column that facts of elements are read off above all: what is missing where they say nothing."""

    counted: Counted = ()
    """Reasons that count all the same. More of them: fewer findings are set aside."""

    def detect(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Findings of these events: `session_id, page, target`, the columns of `FINDING`, then details."""
        raise NotImplementedError

    def at_a_glance(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Rows of all sessions in which there may be a finding, as `session_id, ts, kind` alone tell; sessions may not
        be cut yet. By itself all rows: any session may.
        """
        return events

    def recounted(self, found: pl.DataFrame) -> pl.DataFrame:
        """The findings, those set aside for a reason that is `counted` no longer so."""
        if not self.counted:
            return found
        kept = pl.col("aside").is_in(pl.Series(self.counted, dtype=REASON).implode())
        return found.with_columns(aside=pl.when(~kept).then("aside"))

    @property
    def of_element(self) -> Mapping[str, Fact]:
        """Facts of elements by column: asked once for each distinct element, then travelling with the rows."""
        return {}

    @property
    def of_name(self) -> Mapping[str, NameFact]:
        """Facts of the names of events, likewise."""
        return {}

    @property
    def of_row(self) -> Mapping[str, Sequence[Sequence[Goal]]]:
        """Conditions on rows by column: bit i of it is set where any of its i-th alternatives holds (at most 32)."""
        return {}

    @property
    def facts(self) -> frozenset[str]:
        """The columns of `of_element`, `of_name` and `of_row`."""
        return frozenset(self.of_element) | frozenset(self.of_name) | frozenset(self.of_row)

    @property
    def label(self) -> str | None:
        """The preset as people read it."""
        return self.preset if self.is_verified else f"{self.preset} (unverified)"

    @classmethod
    def configure(cls, options: Mapping[str, Any]) -> Self:
        """An instance with these thresholds; a wrong name or value is a `UsageError` that says which."""
        if unknown := sorted(set(options) - {field.name for field in dataclasses.fields(cls)}):
            known = [field.name for field in dataclasses.fields(cls)]
            raise UsageError(
                "config.unknown_key",
                f"{cls.name} has no setting {unknown[0]!r}",
                remedy=nearest(unknown[0], known),
            )
        if not options and all(map(_is_ready, dataclasses.fields(cls))):
            return cls()
        try:
            found: Self = _checker(cls).validate_python(dict(options))
            return found
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UsageError(
                "config.bad_value",
                f"{cls.name}.{where}: {misfit(first)}",
                remedy=f"friction detectors show {cls.name} lists its settings",
            ) from None

    @property
    def parameters(self) -> dict[str, Any]:
        """The thresholds in force, as JSON values."""
        parameters: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(self)))
        return parameters


@cache
def same(*columns: str, by: int = 1) -> pl.Expr:
    """True where each column equals its value `by` rows before (null equals null; false at the edge)."""
    equal = [pl.col(name).eq_missing(pl.col(name).shift(by)) for name in columns]
    return pl.all_horizontal(*equal) & pl.col(columns[0]).shift(by).is_not_null()


def findings(found: pl.LazyFrame, *details: str) -> pl.LazyFrame:
    """The columns every detector returns, in order and in their types, then its own details."""
    return found.select("session_id", "page", "target", *_in_their_types(), *details)


@cache
def _in_their_types() -> tuple[pl.Expr, ...]:
    return tuple(pl.col(name).cast(dtype) for name, dtype in FINDING.items())


@cache
def no_target() -> pl.Expr:
    """Null in the type of `target`: the finding is of the whole page."""
    return pl.when(pl.lit(value=False)).then("target")


def gathered(rows: pl.LazyFrame, *by: str, **more: pl.Expr) -> pl.LazyFrame:
    """One row a group: where its first row stands, span, number and positions; `trigger_row` is its first.

    Sorted by that; `more` are further aggregates, or other ones in their place.
    """
    return rows.group_by(by).agg(**{**_usual(), **more}).sort("at")


@cache
def _usual() -> Mapping[str, pl.Expr]:
    return {
        "session_id": pl.col("session_id").first(),
        "page": pl.col("page").first(),
        "target": pl.col("target").first(),
        "start": pl.col("ts").first(),
        "end": pl.col("ts").last(),
        "events": pl.len(),
        "rows": pl.col("row"),
        "trigger_row": pl.col("row").first(),
        "at": pl.col("row").first(),
    }


def in_sessions_of(some: pl.LazyFrame, events: pl.LazyFrame, columns: frozenset[str]) -> pl.LazyFrame:
    """The events of the sessions that any of these rows are of, with `CORE` and these columns: where a glance at few
    columns shows that only some sessions can have a finding, what costs more is asked of these alone.
    """
    few = some.select("session_id").unique().collect(engine="in-memory").to_series()
    events = events.filter(pl.col("session_id").is_in(few.implode())).select(sorted(CORE | columns))
    # At once: otherwise each question that follows would choose them anew.
    return events.collect(engine="in-memory").lazy()


@cache
def span(milliseconds: int) -> pl.Expr:
    """A duration to compare differences of `ts` with."""
    return pl.lit(milliseconds * 1_000, dtype=pl.Duration("us"))


@cache
def gap() -> pl.Expr:
    """Time since the row before."""
    return pl.col("ts") - pl.col("ts").shift()


@cache
def quick(run: str, rows: int, within_ms: int) -> pl.Expr:
    """True for the last of any `rows` successive rows of one run that span less than `within_ms`."""
    apart = pl.col("ts") - pl.col("ts").shift(rows - 1)
    return (pl.col(run).eq(pl.col(run).shift(rows - 1)) & (apart < span(within_ms))).fill_null(value=False)


def reaching_back(last: pl.Expr, rows: int) -> pl.Expr:
    """True for each of the `rows` rows that end where `last` is true."""
    return pl.any_horizontal(last.shift(-by, fill_value=False) for by in range(rows))


@cache
def long_runs(run: str, rows: int) -> pl.Expr:
    """True for rows of a run of at least `rows` rows, which are neighbours: what is left is little, so the costly
    questions come after it.
    """
    enough = pl.col(run).eq(pl.col(run).shift(rows - 1)).fill_null(value=False)
    return reaching_back(enough, rows)


def input_type(column: str, *, codes: bool) -> pl.DataType:
    """Type of an input column in the product (`codes`) or in a unit test; columns of a detector's own are facts."""
    if column in CODES:
        return pl.UInt32() if codes else pl.String()
    return DERIVED[column] if column in DERIVED else EVENT.get(column, pl.Int64())


_CHECKERS: dict[type[Any], TypeAdapter[Any]] = {}


def _is_ready(field: dataclasses.Field[Any]) -> bool:
    """Whether a threshold has a value of its own, which nobody needs to check."""
    is_given = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
    return is_given and not isinstance(field.default, FieldInfo)


def _checker(kind: type[Any]) -> TypeAdapter[Any]:
    """What checks the thresholds of a detector; making it takes longer than using it."""
    if kind not in _CHECKERS:
        _CHECKERS[kind] = TypeAdapter(kind)
    return _CHECKERS[kind]
