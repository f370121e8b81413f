"""Real input of schools, which lies beside the repository and may not be copied into it.

Where it is missing its tests are skipped, and the run ends by saying how many.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"
#: How a skip for want of real input begins.
WITHOUT = "Without ../shared/data/"


def shared(name: str) -> Path:
    """The file or folder of that name, or a skip of the test that asks for it."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{WITHOUT}{name}")
    return path
