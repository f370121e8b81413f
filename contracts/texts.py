"""Texts for people within answers and events, as `kernel.texts.Text` writes them."""

from __future__ import annotations

from kernel import fields
from kernel.contract import View


class TextView(View):
    """What a sentence was made of: an English template, its parameters, and those of them that are texts again."""

    template = fields.Str(required=True)
    params = fields.Dict(load_default=dict)
    texts = fields.Dict(load_default=dict)


class FailureView(TextView):
    """Why something failed: the text, and the rule that it broke (a stable slug)."""

    rule = fields.Str(required=True)
