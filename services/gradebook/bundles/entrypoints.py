"""The gradebook's part of an import."""

from __future__ import annotations

from contracts.identity.bundles import BundleImported
from kernel.data.jobs import Job
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event
from kernel.running.jobs import carries_out
from services.gradebook.bundles.recording import takeover


class BundlesEntrypoints(Entrypoints):
    """The gradebook's part of an import."""

    @on_event(BundleImported)
    def on_bundle_imported(self, received: Received[BundleImported]) -> None:
        """Have the gradebook's part of a bundle taken over."""
        with self.unit_of_work.once(received) as session:
            takeover.begin(session, received)

    @carries_out(takeover.BUNDLES)
    def take_bundle_over(self, job: Job) -> None:
        """Write the part step by step, or rehearse it in a dry run; announce the result."""
        takeover.carry_out(self.unit_of_work, self.ask, job)
