"""The containers are described in the format's own terms, and run what `make up` runs."""

import importlib.resources
import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import yaml

from contracts import SERVICES

ROOT = Path(__file__).parents[2]
#: A variable that holds a secret: by its name, or as a URL with one; `{password}` is a place to fill.
SECRET = re.compile(r"^\w*(PASSWORD|SECRET)|://[^@/]+:(?!\{password\}@)[^@/]+@")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else command


def ours(compose: dict) -> dict[str, dict]:
    return {name: service for name, service in compose["services"].items() if "build" in service}


def test_the_file_follows_the_schema_of_compose_files(compose):
    schema_file = importlib.resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(schema_file.read_text())
    jsonschema.validate(compose, schema)
    with pytest.raises(jsonschema.ValidationError, match="command_line"):
        jsonschema.validate({"services": {"gateway": {"command_line": "lyceum gateway"}}}, schema)


def test_there_is_a_container_for_each_service_the_gateway_and_live_streams(compose):
    services = {path.parent.name for path in (ROOT / "services").glob("*/service.py")}
    assert len(services) == 5
    commands = {name: words(service["command"]) for name, service in ours(compose).items()}
    assert commands.pop("migrate") == ["lyceum", "migrate"]
    own = {name: ["lyceum", name] for name in ("gateway", "live")}
    assert commands == {name: ["lyceum", "service", name] for name in services} | own


def keys_of(service: dict) -> set[str]:
    """Which parts of the volume of keys a container sees; `*` is all of it."""
    mounts = [mount for mount in service["volumes"] if "keys" in str(mount)]
    return {mount["volume"]["subpath"] if isinstance(mount, dict) else "*" for mount in mounts}


def test_each_service_sees_its_own_private_key_and_the_public_ones_only(compose):
    seen = {name: keys_of(service) for name, service in ours(compose).items()}
    assert seen.pop("migrate") == {"*"}, "it makes them"
    assert seen.pop("gateway") == seen.pop("live") == {"public"}
    assert seen == {name: {"public", name} for name in SERVICES}
    for service in ours(compose).values():
        for mount in (mount for mount in service["volumes"] if "volume" in mount and isinstance(mount, dict)):
            assert mount["target"] == f"/var/lib/lyceum/keys/{mount['volume']['subpath']}"
            assert mount["read_only"] is True


def test_each_container_waits_for_the_migration_and_what_it_needs(compose):
    for name, service in ours(compose).items():
        conditions = {other: wait["condition"] for other, wait in service["depends_on"].items()}
        assert conditions["rabbitmq"] == conditions["postgres"] == "service_healthy", name
        if name != "migrate":
            assert conditions["migrate"] == "service_completed_successfully", name
    for other in ("rabbitmq", "postgres"):
        assert "healthcheck" in compose["services"][other]


def test_every_setting_given_to_a_container_is_one_that_the_code_reads(compose):
    code = "\n".join(path.read_text() for package in ("cli", "gateway", "kernel", "services")
                     for path in (ROOT / package).rglob("*.py"))  # fmt: skip
    given = {name for service in ours(compose).values() for name in service["environment"]}
    assert given
    assert [name for name in sorted(given) if not re.search(rf"\b{name}\b", code)] == []


def test_no_secret_stands_in_the_file(compose):
    """A password comes from the environment of who runs compose, and there is no default to forget about."""
    given = 0
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if SECRET.search(f"{variable}={value}"):
                assert re.search(r"\$\{\w+:\?", str(value)), f"{name}: {variable}"
                given += 1
    assert given > 10
    assert SECRET.search("LYCEUM_SMTP_URL=smtp://someone:word@mail:25")
    assert not SECRET.search("LYCEUM_SMTP_URL=smtp://mail:25")


def test_the_image_copies_every_package_and_runs_as_nobody_special():
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = {word for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE) for word in line.split()}
    assert {"cli", "contracts", "gateway", "kernel", "services", "requirements-runtime.lock"} <= copied
    assert [name for name in copied if name not in {".", "./"} and not (ROOT / name).exists()] == []
    assert re.search(r"^USER (?!root)", dockerfile, re.MULTILINE)
