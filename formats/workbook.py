"""Reads XLSX files: the sheets of a workbook with their cells as plain values."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final

from formats.container import Container, opened
from formats.faults import Faults, Unreadable
from formats.result import Reading
from formats.serials import Shows, built_in_shows, format_shows
from formats.sheet_part import Book, plain_text, read_sheet
from formats.sheets import Area, Cell, Sheet, Workbook, cell_text, column_letters, place
from formats.xml_parts import Budget, local, parsed
from kernel.phrases import Phrase

__all__ = ["Area", "Cell", "Sheet", "Workbook", "cell_text", "column_letters", "place", "read_workbook", "workbook_of"]

MOST_SHEETS: Final = 100
_ROOT_RELATIONS: Final = "_rels/.rels"

NOT_A_WORKBOOK = Phrase(
    ru="Это не книга XLSX: внутри файла нет листов таблицы.",
    en="This is no XLSX workbook: the file has no sheets inside.",
)
TOO_MANY_SHEETS = Phrase(ru="В книге больше {count} листов.", en="The workbook has more than {count} sheets.")


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet in the workbook's list."""

    name: str
    relation: str
    hidden: bool


def read_workbook(content: bytes) -> Reading[Workbook]:
    """The sheets of an XLSX file, judged by content alone, within limits of time and memory.

    Numbers are decimals of 15 digits; a formula has its stored result. A cell with an error, a formula without
    result or an impossible date is None and has a fault. Refuses a file that is no XLSX, is encrypted or damaged,
    declares entities, or exceeds a limit of `container`, `xml_parts` or `sheet_part`.
    """
    try:
        return workbook_of(opened(content))
    except Unreadable as error:
        return Reading(None, (error.fault,))


def workbook_of(container: Container) -> Reading[Workbook]:
    """The sheets of an opened container. Raises `Unreadable` where it holds no workbook."""
    budget, faults = Budget(), Faults()
    part = _workbook_part(container, budget)
    listed, from_1904 = _listed(container, part, budget)
    relations = _relations(container, part, budget)
    kinds = dict(relations.values())
    book = Book(
        _shared_texts(container, kinds.get("sharedStrings", ""), budget),
        _styles(container, kinds.get("styles", ""), budget),
        from_1904,
    )
    sheets: list[Sheet] = []
    read: set[str] = set()
    for one in listed:
        kind, target = relations.get(one.relation, ("", ""))
        if kind == "worksheet" and target not in read:  # no chart sheet or macro sheet
            read.add(target)
            empty = Sheet(one.name, (), hidden=one.hidden)
            sheets.append(read_sheet(container.part(target), target, empty, book, budget, faults))
    if not sheets:
        raise Unreadable("not-a-workbook", NOT_A_WORKBOOK())
    return Reading(Workbook(tuple(sheets)), faults.all())


def _workbook_part(container: Container, budget: Budget) -> str:
    if _ROOT_RELATIONS in container:
        for kind, target in _relations(container, "", budget).values():
            if kind == "officeDocument" and target.endswith(".xml") and not target.startswith("word/"):
                return target
    raise Unreadable("not-a-workbook", NOT_A_WORKBOOK())


def _relations(container: Container, part: str, budget: Budget) -> dict[str, tuple[str, str]]:
    """Reference → kind and target of each part that `part` refers to; `part` "" is the whole file."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = kind, posixpath.normpath(whole)

    source = posixpath.join(folder, "_rels", f"{name}.rels")
    parsed(container.part(source), source, budget, start, _ignore, _ignore)
    return found


def _listed(container: Container, part: str, budget: Budget) -> tuple[list[_Listed], bool]:
    """The sheets that a workbook lists, and whether it uses the 1904 date system."""
    sheets: list[_Listed] = []
    from_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        name = local(tag)
        if name == "workbookPr":
            from_1904 = attributes.get("date1904", "") in ("1", "true")
        elif name == "sheet":
            relation = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append(_Listed(plain_text(attributes.get("name", "")), relation, hidden))

    parsed(container.part(part), part, budget, start, _ignore, _ignore)
    if len(sheets) > MOST_SHEETS:
        raise Unreadable("too-many-sheets", TOO_MANY_SHEETS(count=MOST_SHEETS))
    return sheets, from_1904


def _shared_texts(container: Container, part: str, budget: Budget) -> list[str]:
    """The texts that cells refer to by number, with runs joined and without phonetic readings of East Asian names."""
    if part not in container:
        return []
    texts: list[str] = []
    runs: list[str] = []
    inside = reading = False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal inside, reading
        name = local(tag)
        inside = name == "t" and not reading
        reading = reading or name == "rPh"

    def end(tag: str) -> None:
        nonlocal inside, reading
        inside = False
        name = local(tag)
        reading = reading and name != "rPh"
        if name == "si":
            texts.append(plain_text("".join(runs)))
            runs.clear()

    def text(characters: str) -> None:
        if inside:
            runs.append(characters)

    parsed(container.part(part), part, budget, start, end, text)
    return texts


def _styles(container: Container, part: str, budget: Budget) -> list[Shows]:
    """What the number format of each cell style shows: a date, a time or a number."""
    if part not in container:
        return []
    written: dict[str, Shows] = {}
    used: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = local(tag)
        if name == "numFmt":
            written.setdefault(attributes.get("numFmtId", ""), format_shows(attributes.get("formatCode", "")))
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            used.append(attributes.get("numFmtId", "0"))

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and local(tag) != "cellXfs"

    parsed(container.part(part), part, budget, start, end, _ignore)
    return [written[number] if number in written else _built_in(number) for number in used]


def _built_in(number: str) -> Shows:
    return built_in_shows(int(number)) if number.isdecimal() and len(number) < 7 else Shows.NUMBER


def _ignore(_: str) -> None:
    """Handles elements and texts that the reader of a part does not need."""
