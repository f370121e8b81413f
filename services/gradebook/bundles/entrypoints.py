"""The gradebook's part of an import."""

from __future__ import annotations

from contracts.identity.bundles import BundleImported
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event
from services.gradebook.bundles import recording


class BundlesEntrypoints(Entrypoints):
    """The gradebook's part of an import."""

    @on_event(BundleImported)
    def on_bundle_imported(self, received: Received[BundleImported]) -> None:
        """Write the gradebook's part of a bundle, or rehearse it in a dry run; announce the result."""
        recording.take_over(self.unit_of_work, self.ask, received)
