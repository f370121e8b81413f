"""Schools and their time zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.roles import ADMINISTRATION, KEEPERS
from kernel import fields
from kernel.contract import SIGNED_IN, Command, Empty, Event, Interface, Rpc, View, only

#: The zone of a school of which nobody has said where it is: bundles of rosters do not. The regulation that is carried
#: out here is one of the Samara region, as is the journal, АСУ РСО, that schools come from.
TIME_ZONE: Final = "Europe/Samara"


class SchoolView(View):
    """A school."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    source_id = fields.Str(required=True, allow_none=True)
    time_zone = fields.Str(required=True)


class SchoolsView(View):
    """The schools that the caller belongs to; for an operator, all."""

    schools = fields.List(fields.Nested(SchoolView), required=True)


class SetTimeZone(Command):
    """Another time zone for the caller's school."""

    time_zone = fields.Str(
        required=True, validate=validate.Length(1, 64), metadata={"description": "Such as Asia/Kamchatka (IANA)."}
    )


class ZoneChangeView(View):
    """A change of a school's time zone."""

    before = fields.Str(required=True)
    time_zone = fields.Str(required=True)
    at = fields.DateTime(required=True)
    changed_by = fields.UUID(
        required=True, allow_none=True, metadata={"description": "A person; null for the installation's operator."}
    )


class SchoolZoneView(View):
    """A school's time zone and how it was changed, the latest change first."""

    time_zone = fields.Str(required=True)
    changes = fields.List(fields.Nested(ZoneChangeView), required=True)


class Schools(Interface, service="identity"):
    """Schools."""

    schools = Rpc(
        Empty,
        SchoolsView,
        "Schools that the caller belongs to; all for an operator.",
        SIGNED_IN | only("printing", "gradebook"),
    )
    time_zone = Rpc(Empty, SchoolZoneView, "The school's time zone with its history, for those who keep it.", KEEPERS)
    set_time_zone = Rpc(
        SetTimeZone,
        SchoolZoneView,
        "Change the school's time zone: from now on its days begin and end by that; by the administration.",
        ADMINISTRATION,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolChanged(Event):
    """The time zone of the school changed: renew what is kept of it."""

    SERVICE = "identity"
    NAME = "school_changed"
    AGGREGATE = "school_id"

    school_id: UUID
