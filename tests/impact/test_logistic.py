"""The regression: by hand, against other rows of the same facts, and with no penalty against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from friction.impact.logistic import Design, Floats, Ints, fit


def design(seed: int, rows: int = 3000) -> tuple[Design, Floats, Ints]:
    """Three dense and four sparse columns, an outcome of theirs, and visitors with some rows each."""
    chance = np.random.default_rng(seed)
    dense = np.stack([np.ones(rows), chance.normal(size=rows), chance.integers(0, 3, rows) / 1.0], axis=1)
    row, col = np.nonzero(chance.random((rows, 4)) < [0.1, 0.05, 0.2, 0.02])
    order = np.lexsort((row, col))
    made = Design(dense, row[order].astype(np.int64), col[order].astype(np.int64), 4)
    visitor = np.sort(chance.integers(0, rows // 2, rows))
    own = chance.normal(0, 0.7, rows // 2)[visitor]
    chances = 1 / (1 + np.exp(-(made.times(np.array([-1, 0.4, 0.2, 0.8, -0.5, 0.3, 1.5])) + own)))
    return made, (chance.random(rows) < chances).astype(np.float64), visitor


def columns(made: Design) -> Floats:
    """The same columns, all dense."""
    sparse = np.zeros((len(made.dense), made.sparse))
    sparse[made.row, made.col] = 1.0
    return np.concatenate([made.dense, sparse], axis=1)


def test_without_a_penalty_coefficients_and_clustered_errors_are_those_of_statsmodels() -> None:
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    made, y, visitor = design(1)
    ours = fit(made, y, ridge=0.0)
    errors = ours.errors(made, y, visitor, floor=False, columns=slice(None))
    options = {"groups": visitor, "use_correction": False}
    theirs = GLM(y, columns(made), family=Binomial()).fit(tol=1e-12, cov_type="cluster", cov_kwds=options)

    assert ours.b == pytest.approx(theirs.params, abs=1e-6)
    assert errors == pytest.approx(theirs.bse, abs=1e-6)


def test_sparse_columns_are_what_dense_ones_would_be() -> None:
    made, y, visitor = design(2)
    whole = Design(columns(made), np.empty(0, np.int64), np.empty(0, np.int64), 0)
    sparse, dense = fit(made, y, 1.0), fit(whole, y, 1.0)

    assert sparse.b == pytest.approx(dense.b, abs=1e-7)
    assert sparse.errors(made, y, visitor, floor=True, columns=slice(3, None)) == pytest.approx(
        dense.errors(whole, y, visitor, floor=True, columns=slice(3, None)), abs=1e-7
    )


def test_the_penalty_draws_every_coefficient_but_the_first_to_nothing() -> None:
    made, y, _ = design(3)
    loose, tight = fit(made, y, 1.0), fit(made, y, 1e6)

    assert np.abs(tight.b[1:]).max() < 0.01 < np.abs(loose.b[1:]).min()
    assert tight.fitted.mean() == pytest.approx(y.mean())


def test_at_the_best_fit_the_penalised_slope_is_nought() -> None:
    made, y, _ = design(4)
    found = fit(made, y, 2.0)
    slope = made.sums(y - found.fitted) - 2.0 * np.r_[0.0, found.b[1:]]

    assert np.abs(slope).max() < 1e-6


def test_shares_are_fitted_like_outcomes_of_several_rows() -> None:
    # A share of 3/4 in one row is three rows with and one without, each a quarter of a row.
    column = np.repeat([0.0, 1.0], 400)
    shares = np.where(column > 0, 0.75, 0.25)
    made = Design(np.stack([np.ones(800), column], axis=1), np.empty(0, np.int64), np.empty(0, np.int64), 0)

    assert fit(made, shares, 0.0).b == pytest.approx([np.log(1 / 3), np.log(9)], abs=1e-6)


def test_a_known_offset_is_left_as_it_is() -> None:
    made, y, _ = design(5)
    plain = fit(made, y, 0.0)
    moved = fit(made, y, 0.0, offset=made.times(plain.b))

    assert moved.b == pytest.approx(np.zeros(7), abs=1e-6)


def test_errors_with_a_floor_are_never_below_those_of_independent_rows() -> None:
    made, y, visitor = design(6, rows=300)
    found = fit(made, y, 1.0)
    robust, floored = (
        found.errors(made, y, visitor, floor=floor, columns=slice(3, None)) for floor in (False, True)
    )

    assert (floored >= robust).all()
    assert (floored >= np.sqrt(np.diag(found.inverse)[3:]) - 1e-12).all()
    assert (floored > robust).any()


def test_where_nobody_leaves_the_fit_stays_finite() -> None:
    made, y, _ = design(7, rows=200)

    assert np.isfinite(fit(made, np.zeros_like(y), 1.0).b).all()
