"""Absence codes."""

from __future__ import annotations

from contracts.roles import MEMBERS
from kernel import fields
from kernel.contract import Empty, Interface, Rpc, View


class CodeView(View):
    """An absence code of the school's dictionary."""

    code = fields.Str(required=True)
    name = fields.Str(required=True)
    counts_as_absent = fields.Bool(required=True)
    excused = fields.Bool(required=True)
    illness = fields.Bool(required=True)
    late = fields.Bool(required=True, metadata={"description": "Takes minutes."})


class CodesView(View):
    """The dictionary."""

    codes = fields.List(fields.Nested(CodeView), required=True)


class Codes(Interface, service="attendance"):
    """The dictionary of absence codes."""

    codes = Rpc(Empty, CodesView, "Absence codes of the school.", MEMBERS)
