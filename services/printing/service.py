"""The Nameko service: its name and the entry points of its capabilities."""

from __future__ import annotations

from services.printing.documents.entrypoints import DocumentsEntrypoints


class PrintingService(DocumentsEntrypoints):
    """The printing service."""

    name = "printing"
