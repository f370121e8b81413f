"""The service: its capabilities, and the name they are called by."""

from __future__ import annotations

from services.printing.documents.entrypoints import DocumentsEntrypoints


class PrintingService(DocumentsEntrypoints):
    """Journals on paper."""

    name = "printing"
