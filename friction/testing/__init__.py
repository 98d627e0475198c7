"""What plug-in authors need to test a detector: sessions as text, and specifications made of them."""

from friction.testing.events import Case, Expectation, events, specification

__all__ = ["Case", "Expectation", "events", "specification"]
