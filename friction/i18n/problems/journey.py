"""What can be wrong with the journey of a report and with batches of live events."""

from __future__ import annotations

from friction.i18n.language import N_

JOURNEY = (
    N_("this report holds no customer journey"),
    N_("order the report once more with the option journey"),
    N_("the batch cannot be judged now"),
    N_("send it once more"),
)
