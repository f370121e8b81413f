"""Translatable texts in answers and events, as `kernel.texts.Text` writes them."""

from __future__ import annotations

from kernel import fields
from kernel.contract import View


class TextView(View):
    """A translatable sentence: an English template, its parameters, and in `texts` those that are texts themselves."""

    template = fields.Str(required=True)
    params = fields.Dict(load_default=dict)
    texts = fields.Dict(load_default=dict)


class FailureView(TextView):
    """Why something failed: the text, and the rule that was broken (a stable slug)."""

    rule = fields.Str(required=True)
