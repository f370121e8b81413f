"""Letters of files in one form, so that texts which look the same are the same."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from kernel.look_alikes import composed


def compose_element(root: Element) -> None:
    """Bring the texts and attributes of an element, and of all within it, to the form of `composed`."""
    for element in root.iter():
        element.text = element.text and composed(element.text)
        element.tail = element.tail and composed(element.tail)
        for name, value in element.attrib.items():
            element.attrib[name] = composed(value)
