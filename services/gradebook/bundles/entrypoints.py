"""The gradebook's part of an import."""

from __future__ import annotations

from contracts.identity.bundles import BundleImported, ImportUndoCalled
from kernel.data.jobs import Job
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, every, on_event
from kernel.running.jobs import carries_out
from services.gradebook.bundles.recording import takeover, undoing

#: Seconds between two looks for traces that nobody needs.
DAY = 86_400


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

    @on_event(ImportUndoCalled)
    def on_import_undo_called(self, received: Received[ImportUndoCalled]) -> None:
        """Have a step of undoing an import taken."""
        with self.unit_of_work.once(received) as session:
            undoing.begin(session, received)

    @carries_out(undoing.UNDOS)
    def take_step_of_undoing(self, job: Job) -> None:
        """Look what stands in the way, undo the gradebook's part, put it back or forget it."""
        undoing.carry_out(self.unit_of_work, self.ask, job)

    @every(seconds=DAY)
    def forget_old_bundles(self) -> None:
        """Forget what imports did that can no longer be undone."""
        with self.unit_of_work.everywhere() as session:
            undoing.forget_old(session)
