"""Commands and answers by their types."""

from __future__ import annotations

from typing import Any

#: A command's values, typed by its schema.
Command = dict[str, Any]
#: An answer's values, as its schema takes them.
View = dict[str, Any]
