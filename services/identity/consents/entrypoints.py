"""Entry points that record and withdraw consents of guardians."""

from __future__ import annotations

from contracts.identity.consents import Consents, RecordConsent
from kernel.auth import Actor
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.consents import recording, views
from services.identity.rows import View


class ConsentsEntrypoints(Entrypoints):
    """Consents of guardians."""

    @rpc(Consents.record_consent)
    def record_consent(self, actor: Actor, command: RecordConsent) -> View:
        """Record a consent or its withdrawal."""
        with self.unit_of_work(actor) as session:
            consent = recording.record_consent(
                session, actor, command.guardian_id, command.student_id, command.purpose, granted=command.granted
            )
            return inbox.answer(session, views.consent(consent))
