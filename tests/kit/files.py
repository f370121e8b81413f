"""Files that the door has taken."""

from __future__ import annotations

from uuid import UUID

from contracts.identity.bundles import LARGEST_BUNDLE, Bundles
from kernel.files import kinds
from kernel.files.store import Place, Store, take


def handed_in(store: Store, school_id: UUID | None, bundle: bytes) -> str:
    """The SHA-256 of a bundle that somebody of the school, or of none, handed in."""
    place = Place(Bundles.service, school_id)
    return take(store, place, [bundle], largest=LARGEST_BUNDLE, allowed={kinds.ZIP}, field="bundle").sha256
