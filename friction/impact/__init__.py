"""What a friction point costs: from page views to lost conversions or extra exits, with an interval."""

from friction.impact.stratified import Exposures, estimate
from friction.impact.views import prepare

__all__ = ["Exposures", "estimate", "prepare"]
