"""Letters of files in one form, so that texts which look the same are the same."""

from __future__ import annotations

import unicodedata
from xml.etree.ElementTree import Element


def composed(text: str) -> str:
    """The text in the normal form C: files written on a Mac hold «й» and «ё» as a letter and a mark each.

    Every reader brings what it takes out of a file to this form before it compares anything. It is applied to values,
    never to markup: composition could join a mark to a sign of the markup before it.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def compose_element(root: Element) -> None:
    """Bring the texts and attributes of an element, and of all within it, to the form of `composed`."""
    for element in root.iter():
        element.text = composed(element.text) if element.text else element.text
        for name, value in element.attrib.items():
            element.attrib[name] = composed(value)
