"""What readers of handed-in files tell."""

from __future__ import annotations

from kernel import fields
from kernel.contract import View


class FileFaultView(View):
    """What could not be read, by its place in the file, in Russian and English."""

    place = fields.Str(required=True)
    rule = fields.Str(required=True)
    ru = fields.Str(required=True)
    en = fields.Str(required=True)
