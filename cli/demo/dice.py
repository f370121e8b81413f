"""Chance that falls the same way each time: one pair of dice for each thing that is decided."""

from __future__ import annotations

import random


def dice(seed: int, what: str) -> random.Random:
    """Dice for `what`; their throws depend on the seed and on that alone."""
    return random.Random(f"{seed}:{what}")  # noqa: S311  # it makes up a school, it keeps no secret
