"""How right are rage clicks and dead clicks? Thousands of made-up sessions in which every click has a known meaning.

A session is ordinary browsing with one scene in it: a harm (somebody rages at a thing, or clicks one that is dead) or
a look-alike (leafing through pictures, zooming a map, clicking into a text). The same hands do both: tempo, number of
clicks and where they land vary by person and not by meaning. Sites differ too: half the sessions are told as a
recorder tells them (`response_delay_ms` of each click), half as a tracker does (rows of changes and requests); one
in ten has something on its pages that changes all the time, and a quarter of all look-alikes is built without any word
that says what it is.

    python -m tests.truth.labelled

prints precision and recall with friction's own settings on seeds that were not used while the rules were made, for
each kind of harm and of look-alike, and what comes out when settings are chosen without a kind and judged on it.

Kinds with a star were not looked at while the detectors were improved, and `JUDGED` seeds were not drawn.
"""

from __future__ import annotations

TUNING: tuple[int, ...] = (11, 12)
JUDGED: tuple[int, ...] = (913, 914, 915)
PRECISION, RECALL = 0.95, 0.90
"""What is asked for at least."""
