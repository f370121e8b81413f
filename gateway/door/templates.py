"""How templates look into what they show."""

from __future__ import annotations

from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Flask's environment of templates, quicker at answers of services, which are dicts."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The value of a key, `mark.value`, or else what Jinja finds: it asks for an attribute first, and fails."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)
