"""The regression: by hand, against other rows of the same facts, and with no penalty against statsmodels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friction.impact import ones
from friction.impact.design import Design
from friction.impact.logistic import Fit, Outcome, fit
from friction.impact.ones import Ones
from friction.impact.patterns import Crossing, Floats, Patterns
from friction.impact.sandwich import Visits, effects
from friction.order import Ints


def design(seed: int, rows: int = 3000, fitted: int = 4) -> tuple[Design, Outcome, Ints]:
    """Three known columns and four of ones, an outcome of theirs, and visitors with some rows each."""
    chance = np.random.default_rng(seed)
    known = np.stack([np.ones(rows), chance.normal(size=rows), chance.integers(0, 3, rows) / 1.0], axis=1)
    row, col = np.nonzero(chance.random((rows, 4)) < [0.1, 0.05, 0.2, 0.02])
    met = Ones.of([row[col == each] for each in range(4)], 4)
    visitor = np.sort(chance.integers(0, rows // 2, rows))
    own = chance.normal(0, 0.7, rows // 2)[visitor]
    made = dense(known, met)
    chances = 1 / (1 + np.exp(-(made.times(np.array([-1, 0.4, 0.2, 0.8, -0.5, 0.3, 1.5])) + own)))
    outcome = of((chance.random(rows) < chances).astype(np.float64))
    return Design(made.known, replace(met, fitted=fitted)), outcome, visitor


def dense(known: Floats, ones: Ones | None = None) -> Design:
    """Every row a pattern of its own."""
    return Design((Patterns(known, np.arange(len(known))),), ones or Ones.of([], 0))


def of(y: Floats, offset: Floats | None = None) -> Outcome:
    return Outcome(y, np.ones(len(y)), offset)


def columns(made: Design) -> Floats:
    """The same columns, all dense."""
    table = np.zeros((len(made.known[0].code), made.ones.columns))
    table[made.ones.row, made.ones.col] = 1.0
    return np.concatenate([*(each.table[each.code] for each in made.known), table], axis=1)


def clustered(made: Design, found: Fit, y: Floats, visitor: Ints) -> Floats:
    """Errors of all coefficients, worked out from whole matrices."""
    x = columns(made)
    bread = np.linalg.inv((x * found.spread[:, None]).T @ x + np.diag(found.penalty))
    scores = np.zeros((visitor.max() + 1, x.shape[1]))
    np.add.at(scores, visitor, x * (y - found.fitted)[:, None])
    errors: Floats = np.sqrt(np.diag(bread @ scores.T @ scores @ bread))
    return errors


def test_sums_of_ones_that_meet_are_the_same_bits_however_many_are_looked_at_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sums() -> list[bytes]:
        made, _, visitor = design(5)
        weight = np.random.default_rng(6).random(len(visitor))
        several = Visits(made, visitor).several.squares(weight)
        return [each.tobytes() for each in (made.gram(weight), several.inside, several.across)]

    expected = sums()
    monkeypatch.setattr(ones, "PAIRS", 7)

    assert sums() == expected


@pytest.mark.parametrize("values", [2, 30, 300])
def test_sums_across_tables_are_those_of_whole_columns(values: int) -> None:
    chance = np.random.default_rng(4)
    one, other = (
        Patterns(chance.integers(0, values, (400, width)) / 2.0, chance.integers(0, 400, 900))
        for width in (3, 5)
    )
    w = chance.random(900)
    whole = [each.table[each.code] for each in (one, other)]

    assert Crossing(one, other).gram(w) == pytest.approx((whole[0] * w[:, None]).T @ whole[1])
    assert sum(facet.table.shape[1] for facet in other.facets) == 5


def test_without_a_penalty_coefficients_and_clustered_errors_are_those_of_statsmodels() -> None:
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    made, outcome, visitor = design(1)
    ours = fit(made, outcome, ridge=0.0)
    effect, error = effects(Visits(made, visitor), ours, 0.0, floor=False)
    options = {"groups": visitor, "use_correction": False}
    theirs = GLM(outcome.y, columns(made), family=Binomial())
    theirs = theirs.fit(tol=1e-12, cov_type="cluster", cov_kwds=options)

    assert ours.b == pytest.approx(theirs.params, abs=1e-6)
    assert effect == pytest.approx(theirs.params[3:], abs=1e-6)
    assert error == pytest.approx(theirs.bse[3:], abs=1e-6)


def test_columns_of_ones_are_what_dense_ones_would_be() -> None:
    made, outcome, visitor = design(2)
    ones, whole = fit(made, outcome, 1.0), fit(dense(columns(made)), outcome, 1.0)

    assert ones.b == pytest.approx(whole.b, abs=1e-6)
    assert effects(Visits(made, visitor), ones, 1.0, floor=False)[1] == pytest.approx(
        clustered(made, ones, outcome.y, visitor)[3:], abs=1e-9
    )


def test_rows_with_a_pattern_in_common_are_what_they_would_be_one_by_one() -> None:
    chance = np.random.default_rng(8)
    made, outcome, visitor = design(2)
    tables = np.c_[np.ones(7), chance.normal(size=(7, 2))], np.array([[0.0, 1], [1, 0], [0, 0], [0, 2]])
    alike = tuple(Patterns(table, chance.integers(0, len(table), 3000)) for table in tables)
    shared = Design(alike, made.ones)
    apart = dense(np.concatenate([each.table[each.code] for each in alike], axis=1), made.ones)
    one, other = (fit(each, outcome, 1.0) for each in (shared, apart))

    assert one.b == pytest.approx(other.b, abs=1e-6)
    assert effects(Visits(shared, visitor), one, 1.0, floor=False)[1] == pytest.approx(
        clustered(apart, one, outcome.y, visitor)[5:], abs=1e-9
    )


def test_a_column_beside_the_model_gets_the_newton_step_and_error_of_whole_matrices() -> None:
    made, outcome, visitor = design(9, fitted=2)
    found = fit(made, outcome, 1.0)
    effect, error = effects(Visits(made, visitor), found, 1.0, floor=False)
    x, r = columns(made), outcome.y - found.fitted
    inverse = np.linalg.inv((x[:, :5] * found.spread[:, None]).T @ x[:, :5] + np.diag(found.penalty))
    for beside in (5, 6):
        rest = x[:, beside] - x[:, :5] @ (inverse @ (x[:, :5].T @ (found.spread * x[:, beside])))
        information = float((found.spread * x[:, beside] * rest).sum()) + 1.0
        by_visitor = np.bincount(visitor, rest * r)

        assert effect[beside - 3] == pytest.approx(x[:, beside] @ r / information)
        assert error[beside - 3] == pytest.approx(np.sqrt((by_visitor**2).sum()) / information)


def test_a_column_that_meets_no_other_has_the_error_of_whole_matrices() -> None:
    made, outcome, visitor = design(12)
    rows = made.ones.row[made.ones.col == 1]
    alone = Design(made.known, Ones.of([rows], 1))
    found = fit(alone, outcome, 1.0)

    assert effects(Visits(alone, visitor), found, 1.0, floor=False)[1] == pytest.approx(
        clustered(alone, found, outcome.y, visitor)[3:], abs=1e-9
    )


def test_rows_without_weight_are_not_there() -> None:
    made, outcome, visitor = design(10)
    kept = np.random.default_rng(1).random(3000) < 0.7
    some = fit(made, replace(outcome, weight=kept.astype(np.float64)), 1.0)
    rows = columns(made)[kept]
    alone = fit(dense(rows), of(outcome.y[kept]), 1.0)

    assert some.b == pytest.approx(alone.b, abs=1e-6)
    assert effects(Visits(made, visitor), some, 1.0, floor=False)[1] == pytest.approx(
        clustered(dense(rows), alone, outcome.y[kept], visitor[kept])[3:], abs=1e-6
    )


def test_the_penalty_draws_every_coefficient_but_the_first_to_nothing() -> None:
    made, outcome, _ = design(3)
    loose, tight = fit(made, outcome, 1.0), fit(made, outcome, 1e6)

    assert np.abs(tight.b[1:]).max() < 0.01 < np.abs(loose.b[1:]).min()
    assert tight.fitted.mean() == pytest.approx(outcome.y.mean())


def test_at_the_best_fit_the_penalised_slope_is_nought() -> None:
    made, outcome, _ = design(4)
    found = fit(made, outcome, 2.0)
    slope = made.sums(found.residual) - 2.0 * np.r_[0.0, found.b[1:]]

    assert np.abs(slope).max() < 1e-4


def test_shares_are_fitted_like_outcomes_of_several_rows() -> None:
    # A share of 3/4 in one row is three rows with and one without, each a quarter of a row.
    column = np.repeat([0.0, 1.0], 400)
    shares = np.where(column > 0, 0.75, 0.25)
    made = dense(np.stack([np.ones(800), column], axis=1))

    assert fit(made, of(shares), 0.0).b == pytest.approx([np.log(1 / 3), np.log(9)], abs=1e-6)


def test_a_known_offset_is_left_as_it_is() -> None:
    made, outcome, _ = design(5)
    plain = fit(made, outcome, 0.0)
    moved = fit(made, of(outcome.y, made.times(plain.b)), 0.0)

    assert moved.b == pytest.approx(np.zeros(7), abs=1e-6)


def test_errors_with_a_floor_are_never_below_those_of_independent_rows() -> None:
    made, outcome, visitor = design(6, rows=300, fitted=3)
    found = fit(made, outcome, 1.0)
    robust, floored = (effects(Visits(made, visitor), found, 1.0, floor=floor)[1] for floor in (False, True))
    plain = np.linalg.inv(made.gram(found.spread) + np.diag(found.penalty))

    assert (floored >= robust).all()
    assert (floored[:3] >= np.sqrt(np.diag(plain)[3:]) - 1e-12).all()
    assert (floored > robust).any()


def test_where_nobody_leaves_the_fit_stays_finite() -> None:
    made, outcome, _ = design(7, rows=200)

    assert np.isfinite(fit(made, of(np.zeros_like(outcome.y)), 1.0).b).all()
