"""The visitors: what they want, how patient they are, and what the log will say of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.truth.shop import Bools, Floats, Ints

ODD = 0.08
"""Share of devices on which some steps cannot be done at all."""


@dataclass(frozen=True)
class People:
    """By visitor. `keen` in standard deviations, `patience` in seconds a visit, `fit` a product's chance to fit."""

    keen: Floats
    patience: Floats
    fit: Floats
    habit: Floats
    """How many times as often as others they use elements by habit."""
    mobile: Bools
    odd: Bools
    channel: Ints
    hour: Floats
    """Of the day at which they come."""

    @property
    def evening(self) -> Floats:
        """How near to the peak of the day: 0 to 1."""
        return np.exp(-(((self.hour - 20.5) / 2.5) ** 2))

    def times(self, number: int) -> People:
        """All of them so many times over, each with a life of its own."""
        return People(**{name: np.tile(values, number) for name, values in vars(self).items()})


def people(seed: int, number: int) -> People:
    """This many visitors; the first ones are the same for any number of them."""
    chance = np.random.default_rng([seed, 23])
    keen, other, habit = chance.normal(size=(number, 3)).T
    hour = (
        np.where(chance.random(number) < 0.45, chance.normal(20.5, 2, number), chance.uniform(7, 23, number))
        % 24
    )
    mobile = chance.random(number) < 0.6
    found = People(
        keen=keen,
        patience=190 * np.exp(0.6 * other),
        fit=chance.beta(2, 5, number),
        habit=np.exp(0.35 * keen + 0.4 * habit - 0.14),
        mobile=mobile,
        odd=chance.random(number) < ODD,
        channel=chance.choice(3, number, p=[0.5, 0.2, 0.3]),
        hour=hour,
    )
    keener = found.keen + 0.5 * found.evening + 0.2 * ~mobile + np.array([0.0, 0.4, -0.3])[found.channel]
    return People(**{**vars(found), "keen": keener})
