"""Entry points that record, withdraw and list consents of guardians."""

from __future__ import annotations

from contracts.identity.consents import Consents, FindConsents, RecordConsent
from kernel.auth import Actor
from kernel.data import inbox
from kernel.running.entrypoints import Entrypoints, rpc
from services.identity.consents import queries, recording, views
from services.identity.people import queries as people_queries
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

    @rpc(Consents.consents)
    def consents(self, actor: Actor, command: FindConsents) -> View:
        """The guardianships of a person with their consents."""
        with self.unit_of_work(actor) as session:
            person = people_queries.person(session, command.person_id)
            return views.guardianships(queries.entered_consents(session, person.id))
