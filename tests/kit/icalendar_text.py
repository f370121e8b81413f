"""What RFC 5545 demands of a text/calendar, read by itself: no line of the library that wrote it is used here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

#: The octets of a line without its end (section 3.1).
LONGEST_LINE = 75
NAME = re.compile(r"[A-Z][A-Z0-9-]*")
MOMENT = re.compile(r"\d{8}T\d{6}Z")
DATE = re.compile(r"\d{8}")
#: What a calendar and an event must have once, and may have once at most (sections 3.6, 3.6.1).
REQUIRED = {"VCALENDAR": {"VERSION", "PRODID"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART"}}
ONCE = {
    "VCALENDAR": {"CALSCALE", "METHOD"},
    "VEVENT": {
        "CLASS", "CREATED", "DESCRIPTION", "GEO", "LAST-MODIFIED", "LOCATION", "ORGANIZER", "PRIORITY", "SEQUENCE",
        "STATUS", "SUMMARY", "TRANSP", "URL", "RECURRENCE-ID", "DTEND",
    },
}  # fmt: skip
VALUES = {
    "STATUS": re.compile("TENTATIVE|CONFIRMED|CANCELLED"),
    "TRANSP": re.compile("OPAQUE|TRANSPARENT"),
    "SEQUENCE": re.compile(r"\d+"),
    "DTSTAMP": MOMENT,
    "LAST-MODIFIED": MOMENT,
    "VERSION": re.compile(r"2\.0"),
    "CALSCALE": re.compile("GREGORIAN"),
}
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME"}
#: A text escapes backslash, semicolon, comma and line end, and nothing else (section 3.3.11).
ESCAPED = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")


@dataclass
class Component:
    """A calendar or an event: its properties by name, each with its parameters and its value."""

    kind: str
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        (found,) = [value for one, _, value in self.properties if one == name]
        return found

    def parameters(self, name: str) -> str:
        (found,) = [parameters for one, parameters, _ in self.properties if one == name]
        return found

    def text(self, name: str) -> str:
        """The value of a text, as a person reads it."""
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self[name])


def read(content: bytes) -> Component:
    """The calendar in a text/calendar. Raises AssertionError, saying what the RFC forbids."""
    calendar, open_ones = None, []
    for line in _lines(content):
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        assert NAME.fullmatch(name), f"no name of a property: {line}"
        if name == "BEGIN":
            one = Component(value)
            if open_ones:
                open_ones[-1].children.append(one)
            else:
                assert calendar is None, "a second calendar"
                calendar = one
            open_ones.append(one)
        elif name == "END":
            _check(open_ones[-1])
            assert open_ones.pop().kind == value, f"another component ends: {value}"
        else:
            open_ones[-1].properties.append((name, parameters, value))
    assert calendar is not None, "there is no calendar"
    assert open_ones == [], "a component does not end"
    assert calendar.kind == "VCALENDAR"
    return calendar


def _lines(content: bytes) -> list[str]:
    """The lines, unfolded (section 3.1)."""
    assert content.endswith(b"\r\n"), "the last line has no end"
    raw = content.removesuffix(b"\r\n").split(b"\r\n")
    unfolded: list[bytes] = []
    for line in raw:
        assert not re.search(b"[\r\n]", line), f"a line end that is not CRLF: {line!r}"
        assert 0 < len(line) <= LONGEST_LINE, f"{len(line)} octets: {line!r}"
        line.decode()  # section 3.1 allows to fold within a character; what reads line by line would break
        if line.startswith((b" ", b"\t")):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    return [line.decode() for line in unfolded]


def _check(one: Component) -> None:
    counts = Counter(name for name, _, _ in one.properties)
    for name in REQUIRED.get(one.kind, ()):
        assert counts[name] == 1, f"{one.kind} has {counts[name]} of {name}"
    for name in ONCE.get(one.kind, ()):
        assert counts[name] <= 1, f"{one.kind} has {counts[name]} of {name}"
    for name, _, value in one.properties:
        if name in VALUES:
            assert VALUES[name].fullmatch(value), f"{name}:{value}"
        if name in TEXTS:
            assert ESCAPED.fullmatch(value), f"{name} is not escaped: {value}"
    if one.kind == "VEVENT":
        _check_times(one)


def _check_times(event: Component) -> None:
    """Begin and end are of one kind, the end is later (section 3.6.1)."""
    kinds = [event.parameters(name) for name in ("DTSTART", "DTEND")]
    starts, ends = event["DTSTART"], event["DTEND"]
    assert kinds in (["", ""], ["VALUE=DATE", "VALUE=DATE"]), kinds
    form = DATE if kinds[0] else MOMENT
    assert all(form.fullmatch(one) for one in (starts, ends)), (starts, ends)
    assert starts < ends, (starts, ends)
