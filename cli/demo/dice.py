"""Reproducible random numbers: a separate generator for each decision."""

from __future__ import annotations

import random


def dice(seed: int, what: str) -> random.Random:
    """A random generator that depends only on `seed` and `what`."""
    return random.Random(f"{seed}:{what}")  # noqa: S311  # it generates a demo school, no secrets
