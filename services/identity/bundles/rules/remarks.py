"""What is odd in a bundle and yet imported: whoever handed it in is told, and may put it right at its source."""

from __future__ import annotations

import re
from typing import Final

from kernel.look_alikes import cyrillic
from kernel.texts import Text
from services.identity.bundles.rules.bundle import Bundle
from services.identity.bundles.rules.faults import Faults

_NAMES: Final = ("familyName", "givenName", "middleName")
MIXED: Final = Text(
    "Latin letters stand among the Cyrillic ones of this name, in place of those that look the same. "
    "It is imported as it is, and found in either spelling."
)


def remarked(bundle: Bundle) -> Faults:
    """Remarks on the names of people. They name line and field, never the name."""
    remarks = Faults()
    for user in bundle.rows("users"):
        for field in _NAMES:
            words = re.split(r"[\s-]+", user[field].casefold())
            if any(cyrillic(word) != word for word in words):
                remarks.add("users.csv", "latin-in-cyrillic", MIXED, user.line, field)
    return remarks
