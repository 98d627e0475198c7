"""What every point truly costs: whoever met it lives again without it, and nobody else needs to."""

from __future__ import annotations

import numpy as np

from tests.truth.agents.export import export, logged
from tests.truth.agents.lives import Diary, live
from tests.truth.agents.people import People, people
from tests.truth.agents.town import PAGES, SLOTS, Town, town
from tests.truth.case import Case, slot_of
from tests.truth.shop import Floats

SESSIONS_A_VISITOR = 1.45
MOST_RELIVED = 150_000
"""Lives that the truth is averaged over, about; with less luck in it than in one life of each visitor."""
FEWEST_TIMES = 4


def case(name: str, seed: int, sessions: int, relived: int = MOST_RELIVED) -> Case:
    """The agents of this seed: `agents`, or `agents, null`, whom nothing harms."""
    made = town(seed, harmless=name.endswith("null"))
    number = round(sessions / SESSIONS_A_VISITOR)
    crowd = people(seed, number)
    diary = Diary()
    live(made, crowd, np.arange(number), seed, diary)
    times = max(FEWEST_TIMES, relived // number)
    return Case(
        events=export(logged(diary), crowd, seed),
        true=losses(made, crowd, seed, times),
        harmful=made.harmful.ravel(),
        place=lambda point: PAGES.index(point["page"]) * len(SLOTS) + slot_of(point),
    )


def losses(town: Town, people: People, seed: int, times: int) -> Floats:
    """Purchases lost by each point (page × slot), the mean over so many lives of every visitor."""
    crowd = people.times(times)
    diary = Diary(kept=False)
    bought = live(town, crowd, np.arange(len(crowd.keen)), seed, diary)
    who, point = np.concatenate(diary.met, axis=1)
    lost = np.zeros(town.harm.size)
    for at in np.flatnonzero(town.harmful.ravel()):
        mine = np.unique(who[point == at])
        spared = town.without(*divmod(int(at), len(SLOTS)))
        lost[at] = live(spared, crowd, mine, seed).sum() - bought[mine].sum()
    return lost / times
