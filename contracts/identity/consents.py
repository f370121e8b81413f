"""Consents of guardians."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.roles import KEEPERS
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View

#: Purposes of processing that rest on consent; keeping the journal itself rests on law (domain, §9).
PURPOSES: Final = ("portal", "email", "sms")


class RecordConsent(Command):
    """A guardian's consent, handed in on paper, or its withdrawal."""

    guardian_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    purpose = fields.Str(required=True, validate=validate.OneOf(PURPOSES))
    granted = fields.Bool(required=True)


class ConsentView(View):
    """The current state of a consent."""

    guardian_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    purpose = fields.Str(required=True)
    granted = fields.Bool(required=True)
    since = fields.DateTime(required=True)


class FindConsents(Command):
    """The consents of a guardian, or those about a student."""

    person_id = fields.UUID(required=True)


class EnteredConsentView(View):
    """What a guardian's paper said last about a purpose, and who entered it."""

    purpose = fields.Str(required=True)
    granted = fields.Bool(required=True)
    since = fields.DateTime(required=True)
    entered_by = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null if nobody of the school entered it."}
    )


class GuardianshipView(View):
    """A guardian and a child, and the consents entered for them. A purpose that is missing was never entered."""

    guardian_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    consents = fields.List(fields.Nested(EnteredConsentView), required=True)


class GuardianshipsView(View):
    """The guardianships in force of a person, as guardian and as child."""

    guardianships = fields.List(fields.Nested(GuardianshipView), required=True)


class Consents(Interface, service="identity"):
    """Consents of guardians."""

    record_consent = Rpc(
        RecordConsent, ConsentView, "Enter a guardian's consent or its withdrawal (clause 5.2).", KEEPERS
    )
    consents = Rpc(
        FindConsents, GuardianshipsView, "Consents of a guardian, or about a student, and who entered them.", KEEPERS
    )
