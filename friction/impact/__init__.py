"""What a friction point costs: from page views to lost conversions or extra exits, with an interval.

The unit is the page view at its opening, so nothing that happens later can enter, and the next step is compared, not
the final outcome: engaged visitors click more *and* buy more, so a difference of conversions counts friction as a
benefit. The steps, with their reasons, are those of `statistics.md` §2.3:

    views        the views, what was known when each opened, what became of it
    covariates   what is held equal
    values       what being on a page is worth; what returning visitors buy later
    design       columns of a model as patterns and ones; logistic fits it, sandwich gives its errors
    sample       which page views these rest on where there are very many
    pages        per page, exits, progress and delayed harm of all its points together
    calibration  per detector and part, what harmless points look like
    loss         lost conversions with an interval, p-value, E-value
    money        what a lost conversion would have brought, per currency
"""

from friction.impact.asked import MIN_EXITS, MIN_SESSIONS, Exposures
from friction.impact.covariates import Held
from friction.impact.estimator import Estimate, estimate
from friction.impact.loss import SHIFTS
from friction.impact.money import Orders, orders
from friction.impact.sample import Room, Sample
from friction.impact.views import Views, prepare

__all__ = [
    "MIN_EXITS",
    "MIN_SESSIONS",
    "SHIFTS",
    "Estimate",
    "Exposures",
    "Held",
    "Orders",
    "Room",
    "Sample",
    "Views",
    "estimate",
    "orders",
    "prepare",
]
