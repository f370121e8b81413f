"""Commands and answers by their types."""

from __future__ import annotations

from typing import Any

#: An answer's values, as its schema takes them.
View = dict[str, Any]
