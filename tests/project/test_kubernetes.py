"""The objects for a cluster follow its schema, run what `make up` runs, and hold no secret."""

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from contracts import SERVICES
from tests.project.test_compose import SECRET, words

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "deploy" / "kubernetes" / "lyceum.yaml"
#: Parts without a database and a key of their own.
OPEN = ("gateway", "live")
PARTS = (*SERVICES, *OPEN)


@pytest.fixture(scope="module")
def items() -> list[dict]:
    return yaml.safe_load(MANIFEST.read_text())["items"]


@pytest.fixture(scope="module")
def pods(items: list[dict]) -> dict[str, dict]:
    """The pod of each deployment by the name of its one container, and the job's."""
    found = [item["spec"]["template"]["spec"] for item in items if item["kind"] in ("Deployment", "Job")]
    return {pod["containers"][0]["name"]: pod for pod in found}


def test_every_object_follows_the_schema(items):
    version = kubernetes_validate.latest_version()
    for item in items:
        kubernetes_validate.validate(item, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**items[-1], "spec": {"minimum": 1}}, version, strict=True)


def test_each_pod_runs_its_part(pods):
    parts = {name: f"lyceum service {name}" for name in SERVICES} | {name: f"lyceum {name}" for name in OPEN}
    commands = {name: pod["containers"][0]["command"] for name, pod in pods.items()}
    assert commands.pop("migrate") == ["lyceum", "migrate"]
    assert commands == {name: words(parts[name]) for name in PARTS}


def test_every_setting_comes_from_a_secret_where_it_is_one(pods):
    secret = 0
    for name, pod in pods.items():
        for variable in pod["containers"][0]["env"]:
            assert not SECRET.search(f"{variable['name']}={variable.get('value', '')}") or "valueFrom" in variable, name
            secret += "valueFrom" in variable
    assert secret >= 2 * len(SERVICES) + 2


def test_each_service_has_its_own_private_key_and_the_public_ones_only(pods):
    for name in PARTS:
        mounts = {one["mountPath"]: one["name"] for one in pods[name]["containers"][0]["volumeMounts"]}
        volumes = {one["name"]: one for one in pods[name]["volumes"]}
        keys = {path.removeprefix("/var/lib/lyceum/keys/") for path in mounts if "/keys/" in path}
        assert keys == ({"public"} if name in OPEN else {"public", name})
        if name not in OPEN:
            assert volumes["key"]["secret"]["secretName"] == f"lyceum-{name}"


def test_no_pod_may_do_more_than_it_needs(pods):
    for name, pod in pods.items():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["automountServiceAccountToken"] is False, name
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, name
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name


def test_each_replica_says_how_it_is_and_may_finish_what_it_has_begun(pods):
    for name in PARTS:
        (container,) = pods[name]["containers"]
        assert container["livenessProbe"]["httpGet"]["path"] == "/health/live"
        assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
        assert pods[name]["terminationGracePeriodSeconds"] > 60, "LYCEUM_STOP_SECONDS"
