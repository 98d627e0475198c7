"""What can be wrong with a data set of the lake."""

from __future__ import annotations

from friction.i18n.language import N_

LAKE = (
    N_('"{name}" cannot be the name of a data set'),
    N_("use letters, digits, points, dashes and underscores"),
    N_("the data set was written by another version"),
    N_("send the files once more"),
    N_("the data set was written with another privacy key"),
    N_("give the key that it was written with, or deliver into a new data set"),
    N_("a data set of the lake cannot be analysed together with other inputs"),
    N_("analyse it alone, or deliver the files into it"),
    N_("the data set was written without these lines of [exclude]"),
    N_("deliver the files once more into a new data set; pages can be left out at any time"),
)
