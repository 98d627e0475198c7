"""What to do about a friction point, and what would prove it wrong; by the name of its detector."""

from __future__ import annotations

from collections.abc import Mapping

from friction.i18n.advice import clicks, forms, pages, ways
from friction.i18n.advice.base import Advice

ADVICE: Mapping[str, Advice] = {
    **clicks.ADVICE,
    **forms.ADVICE,
    **pages.ADVICE,
    **ways.ADVICE,
}
