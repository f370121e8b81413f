"""Schools."""

from __future__ import annotations

from typing import Final

from kernel import fields
from kernel.contract import SIGNED_IN, Empty, Interface, Rpc, View, only

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


class Schools(Interface, service="identity"):
    """Schools."""

    schools = Rpc(
        Empty,
        SchoolsView,
        "Schools that the caller belongs to; all for an operator.",
        SIGNED_IN | only("printing"),
    )
