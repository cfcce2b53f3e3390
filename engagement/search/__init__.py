"""Search: how text is normalised. Imports nothing of the register, so that models may use it."""

from engagement.search.normalising import normalise

__all__ = ["normalise"]
