"""Types of answers."""

from __future__ import annotations

from typing import Any

#: The values of an answer, as its schema expects them.
View = dict[str, Any]
