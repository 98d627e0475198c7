"""A second family of made-up shops, built differently: visitors with a goal, a patience and a memory.

They look for a product that fits and then buy it. Loading, reading, forms and trouble use up the patience of a visit;
they come up to four times, remember what they found, learn the site, stay annoyed, change device, or give up for good.
Trouble makes them leave, costs time, is tried again with success, is worked around at the price of a worse choice, or
cannot be passed at all on a device that the log cannot tell. A tenth of what went wrong is not seen, two elements are
only clicked on the way out, and pages load slower in the evening, when visitors are keener.

What a point costs is found by living again without it, with the same random numbers.
"""

from tests.truth.agents.truth import case

__all__ = ["case"]
