"""Whatever can be called, sent, visited, set or made is named in a document."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from kombu import Queue

from cli.main import COMMANDS
from contracts import SERVICES, events, interfaces
from gateway.app import create_app
from kernel import metrics
from kernel.auth import Verifier
from kernel.bus import topology
from kernel.bus.interface import Subscription
from kernel.contract import Event
from tests.contracts.test_queues import QUEUES
from tests.gateway.in_process import InProcessClient, gateway_settings

ROOT = Path(__file__).parents[2]
OURS = ("cli", "contracts", "gateway", "kernel", "services")
#: A file or folder of ours as a document names it: `kernel/bus/wire.py`, `services/*/service.py`, [text](docs/api.md).
NAMED_FILE = re.compile(
    r"`((?:cli|contracts|deploy|docs|gateway|kernel|services|tests|[.]ci)/[^`\s<>{}…]*)`|\]\((?!https?:)([^)\s#]+)[^)]*\)"
)
SETTING = re.compile(r"\b(?:LYCEUM_[A-Z][A-Z0-9_]*|PORT)\b")


@pytest.fixture(scope="module")
def documents() -> str:
    """README, CONTRIBUTING and all of docs/ in one text, without docs/access.md, which is made from the code."""
    docs = sorted({*(ROOT / "docs").rglob("*.md")} - {ROOT / "docs" / "access.md"})
    paths = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs]
    return "\n".join(path.read_text() for path in paths)


def unnamed(names: Iterable[str], documents: str) -> list[str]:
    """Those of `names` that stand nowhere in the documents as words of their own."""
    names = sorted(set(names))
    assert names, "nothing was found that could be documented: the search is broken"
    return [name for name in names if not re.search(rf"(?<![\w./]){re.escape(name)}(?![\w/{{])", documents)]


def test_every_rpc_method_is_documented(documents):
    methods = [repr(one) for owner in SERVICES for interface in interfaces(owner) for one in interface.methods()]
    assert unnamed(methods, documents) == [], "add a row to docs/api.md"


def test_every_event_is_documented_with_its_fields(documents):
    announced = [event for owner in SERVICES for event in events(owner)]
    assert unnamed([f"{event.SERVICE}.{event.NAME}" for event in announced], documents) == []
    fields = {f"`{field.name}`" for event in announced for field in dataclasses.fields(event)}
    assert [field for field in sorted(fields) if field not in documents] == []


def test_every_route_is_documented(documents, tmp_path):
    settings = gateway_settings(tmp_path)  # without keys: nobody signs in
    routes = create_app(InProcessClient(Verifier(settings.keys_path), {}), settings).url_map.iter_rules()
    paths = [re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule) for rule in routes]
    assert unnamed([path for path in paths if not path.startswith("/static/")], documents) == []


def test_every_queue_of_a_handler_is_documented(documents):
    assert unnamed([queue for queues in QUEUES.values() for queue in queues], documents) == []


class AnyEvent(Event):
    """Stands for every event in the table of queues."""

    SERVICE = "<owner>"
    NAME = "<event>"


def queue_rows(queue: Queue) -> list[str]:
    """The rows of the table of queues that a queue has: one for each exchange that leads to it."""
    arguments = ", ".join(f"`{name}: {value}`" for name, value in (queue.queue_arguments or {}).items())
    if not arguments:
        arguments = "goes with its connection" if queue.exclusive else "goes with its last consumer"
    leads = queue.bindings or [queue]
    keys = {one.exchange: f"`{one.routing_key}` " if one.routing_key else "" for one in leads}
    return [
        f"| `{exchange.name}` | {exchange.type} | {key}| `{queue.name}` | {arguments} |"
        for exchange, key in keys.items()
    ]


def test_every_exchange_and_queue_is_documented_with_its_arguments(documents):
    service = "<service>"
    every = [
        *topology.own(service),
        *topology.received(service, [Subscription(f"{service}.on_<event>", AnyEvent)]),
        topology.answers_to("<client>"),
    ]
    rows = [row for entity in every if isinstance(entity, Queue) for row in queue_rows(entity)]
    assert len(rows) == 10
    assert [row for row in rows if row not in documents] == []


def test_every_figure_is_documented(documents):
    text = metrics.figures()[0].decode()
    figures = [
        name for name in re.findall(r"^# HELP (lyceum_\w+)", text, re.MULTILINE) if not name.endswith("_created")
    ]
    assert unnamed([name.removesuffix("_total") for name in figures], documents) == []


def test_every_command_is_documented(documents):
    assert unnamed([f"lyceum {command}" for command in COMMANDS], documents) == []


def test_every_setting_is_documented(documents):
    code = [path for package in OURS for path in (ROOT / package).rglob("*.py")]
    names = {name for path in [*code, ROOT / "Makefile"] for name in SETTING.findall(path.read_text())}
    assert unnamed(names, documents) == []


def test_every_make_target_is_documented(documents):
    targets = re.findall(r"^([\w.-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert unnamed([f"make {target}" for target in targets], documents) == []


def test_a_name_in_another_word_or_path_does_not_count():
    assert unnamed(
        ["make up", "/api/v1/marks", "gradebook.mark"], "make upper /api/v1/marks/{id} gradebook.mark_posted"
    ) == [
        "/api/v1/marks",
        "gradebook.mark",
        "make up",
    ]


@pytest.mark.parametrize(
    "path",
    [path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("services/*/*.md"))],
    ids=str,
)
def test_every_file_that_a_document_names_is_there(path):
    named = [ours or linked for ours, linked in NAMED_FILE.findall((ROOT / path).read_text())]
    places = (ROOT, (ROOT / path).parent)
    assert [name for name in named if not any(list(place.glob(name.rstrip("/"))) for place in places)] == []


def test_documents_name_files_and_one_that_is_missing_is_noticed():
    found = NAMED_FILE.findall("`kernel/bus/wire.py`, [calls](docs/api.md#calls), `kernel/<name>.py`, [x](https://y.z)")
    assert found == [("kernel/bus/wire.py", ""), ("", "docs/api.md")]
    assert not list(ROOT.glob("kernel/no_such_file.py"))
