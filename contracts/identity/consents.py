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


class Consents(Interface, service="identity"):
    """Consents of guardians."""

    record_consent = Rpc(
        RecordConsent, ConsentView, "Enter a guardian's consent or its withdrawal (clause 5.2).", KEEPERS
    )
