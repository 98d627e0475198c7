"""What each friction point costs where page views do not fit in memory: `friction.impact.estimate`, lot by lot.

A lot is some pages with all of their views. Lots are gone through up to three times, and memory holds one at a time:

    kept       the views on the shelf, by lot
    lot        one of them in memory
    counted    first those that met a point are counted
    cells      beside them, where there is a goal, the views that are alike in page and state
    asked      then it is known what to ask of which page, and how many visitors may be drawn
    drawn      the rows of its pages that are drawn
    known      what the views of all lots say of each
    answered   last the models of each page rest on the rows that are drawn, and only who met a point stays
    estimator  all of it, one after the other

Every figure is the one that all views at once give.
"""

from friction.impact.lots.estimator import estimate
from friction.impact.lots.kept import arranged

__all__ = ["arranged", "estimate"]
