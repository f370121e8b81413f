"""What holds for every file: no address or path of one machine, reasons beside ignores, locked versions."""

import ast
import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-runtime.lock")
#: Where a registry is, is the business of the machine that installs.
REGISTRY = re.compile(r"pypi[.]org|python[h]osted|registry[.]npmjs|deb[.]debian|(extra-)?index-u[r]l *=")
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:work|farm|root|home/\w+)/")
IGNORE = re.compile(r"#\s*(ruff:\s*)?noqa|#\s*type:\s*ignore|#\s*mypy:")
IGNORE_WITH_REASON = re.compile(r"#\s*((?:ruff: )?noqa: [A-Z]+\d+(, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s+#\s*\w+")
RULE = re.compile(r'"[A-Z]+\d*"')


def tracked(pattern: str = "*") -> list[Path]:
    """The files that git has or would take; in a copy without git, all but what is made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    made = {".git", ".venv", "var", "__pycache__", "build", "lyceum.egg-info"}
    return [path for path in ROOT.rglob(pattern) if path.is_file() and made.isdisjoint(path.parts)]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # fonts and pictures
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return found


def requirements(lock: str) -> dict[str, list[str]]:
    """Each pinned requirement (with its marker) of a lock file, and its hashes."""
    text = re.sub(r"\\\n", " ", (ROOT / lock).read_text())
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {line.split(" --hash")[0].strip(): re.findall(r"--hash=sha256:([0-9a-f]{64})", line) for line in lines}


def test_there_are_files_to_look_at():
    assert Path(__file__) in tracked("*.py")


def test_no_file_names_a_registry():
    assert lines_with(REGISTRY, tracked()) == []


def test_no_file_names_a_path_of_one_machine():
    assert lines_with(MACHINE_PATH, tracked()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_pins_every_version_with_hashes_and_no_address(lock):
    pinned = requirements(lock)
    assert len(pinned) > 50
    assert [name for name in pinned if "==" not in name or " @ " in name] == []
    assert [name for name, hashes in pinned.items() if not hashes] == []
    assert not re.search(r"^\s*-|://", (ROOT / lock).read_text().replace("    --hash", ""), re.MULTILINE)


def test_the_lock_files_hold_every_dependency_in_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    full, runtime = (
        {(canonicalize_name(r.name), str(r.specifier), str(r.marker)) for r in map(Requirement, requirements(lock))}
        for lock in LOCKS
    )
    wanted = project["dependencies"] + [r for extra in project["optional-dependencies"].values() for r in extra]
    assert {canonicalize_name(Requirement(r).name) for r in wanted} <= {name for name, *_ in full}
    assert {canonicalize_name(Requirement(r).name) for r in project["dependencies"]} <= {n for n, *_ in runtime}
    assert {(name, version) for name, version, _ in runtime} <= {(name, version) for name, version, _ in full}


def test_every_ignore_in_the_code_names_its_rule_and_its_reason():
    own = [path for path in tracked("*.py") if path != Path(__file__)]
    bare = [line for line in lines_with(IGNORE, own) if not IGNORE_WITH_REASON.search(line)]
    assert bare == [], "write: # noqa: RULE  # the reason, or # type: ignore[code]  # the reason"


def settings(header: str) -> list[list[str]]:
    """The lines below each table `header` of pyproject.toml, up to the next table."""
    text = (ROOT / "pyproject.toml").read_text()
    return [part.split("\n[", 1)[0].strip().splitlines() for part in text.split(f"\n{header}\n")[1:]]


def listed(lines: list[str], key: str) -> list[str]:
    first = lines.index(f"{key} = [") + 1
    return lines[first : lines.index("]", first)]


def test_every_ignore_of_ruff_has_its_reason_beside_it():
    (lint,), (by_file,) = settings("[tool.ruff.lint]"), settings("[tool.ruff.lint.per-file-ignores]")
    rules = listed(lint, "ignore") + [line for line in by_file if RULE.search(line)]
    assert len(rules) > 10
    assert [line for line in rules if "#" not in line] == []


def test_every_exception_of_mypy_and_pytest_opens_with_its_reason():
    overrides = settings("[[tool.mypy.overrides]]")
    assert overrides
    assert [lines for lines in overrides if not lines[0].startswith("# ")] == []
    (pytest_settings,) = settings("[tool.pytest.ini_options]")
    warnings = [line.strip() for line in listed(pytest_settings, "filterwarnings")]
    assert warnings.pop(0) == '"error",'
    exceptions = [pair for pair in pairwise(warnings) if not pair[1].startswith("#")]
    assert exceptions
    assert [line for before, line in exceptions if not before.startswith("# ")] == []


def test_every_module_opens_with_a_sentence():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
