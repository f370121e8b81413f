"""Academic years and terms."""

from __future__ import annotations

from contracts.roles import MEMBERS
from kernel import fields
from kernel.contract import Empty, Interface, Rpc, View


class TermView(View):
    """A term: a quarter, half-year or trimester."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class YearView(TermView):
    """An academic year with its terms."""

    terms = fields.List(fields.Nested(TermView), required=True)


class CalendarView(View):
    """The school's academic years, newest first."""

    years = fields.List(fields.Nested(YearView), required=True)


class Calendar(Interface, service="gradebook"):
    """Years and terms."""

    calendar = Rpc(Empty, CalendarView, "Academic years and terms of the school.", MEMBERS)
