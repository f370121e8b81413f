"""Breaks the rules of the school, one place at a time, and sees whether their tests notice: `python -m tests.mutation`.

mutmut works on a copy under var/mutation, as pyproject.toml tells it; the modules named (`… means term_marks`), or all.
Prints how many mutants of each module were noticed, and each survivor that docs/mutants.md does not list with its
reason. The status is 1 under 90 %, and where such a survivor is new.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
COPY: Final = ROOT / "var" / "mutation"
#: Where survivors stand with the reason: "- `service.module.function`: ``the lines as they were changed``".
LISTED: Final = ROOT / "docs" / "mutants.md"
#: The share of mutants that has to be noticed, of those that a test reaches or could reach.
TARGET: Final = 0.90
#: What mutmut notes where a test failed, where the types do not fit, and where the tests never ended. Whatever else it
#: notes – no test, one that was skipped, a run cut short, a crash – noticed nothing.
NOTICED: Final = frozenset({1, 3, 37, 24, -24, 36, 152, 255})


@dataclass(frozen=True, slots=True)
class Module:
    """The mutants of one module of rules by name, and the status of its tests for each."""

    path: str
    statuses: dict[str, int]

    @property
    def survivors(self) -> list[str]:
        """Those that no test noticed."""
        return [name for name, status in self.statuses.items() if status not in NOTICED]

    @property
    def noticed(self) -> int:
        """How many were noticed: by a test that failed or never ended, or by the types."""
        return len(self.statuses) - len(self.survivors)


def main(chosen: list[str]) -> int:
    """Mutate, test and tell."""
    _copy()
    subprocess.run(
        [sys.executable, "-m", "mutmut", "run", *(f"services.*.{name}.*" for name in chosen)],
        cwd=COPY, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    modules = [module for module in _modules() if module.statuses]
    new = _tell(modules)
    total, noticed = sum(len(one.statuses) for one in modules), sum(one.noticed for one in modules)
    share = noticed / total if total else 0.0
    print(f"{noticed} of {total} mutants were noticed: {share:.1%} (target: {TARGET:.0%} at least)")
    return 0 if share >= TARGET and not new else 1


def _copy() -> None:
    """The files of the repository as they are now. What mutmut found out before would hide what tests miss now."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, COPY / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    examples = ROOT.parent / "shared"  # examples of other systems, where a developer has them
    if examples.is_dir():
        (COPY / "shared").symlink_to(examples)


def _modules() -> Iterable[Module]:
    for meta in sorted(COPY.glob("mutants/**/*.py.meta")):
        statuses = {
            name: status
            for name, status in json.loads(meta.read_text())["exit_code_by_key"].items()
            if status is not None
        }
        yield Module(str(meta.relative_to(COPY / "mutants")).removesuffix(".meta"), statuses)


def _tell(modules: list[Module]) -> int:
    """Print what came out; how many survivors are not listed with a reason."""
    for module in modules:
        print(f"{module.path:55}{len(module.statuses):6} mutants{module.noticed / len(module.statuses):8.1%} noticed")
    listed = set(re.findall(r"^- `.+", LISTED.read_text(), flags=re.MULTILINE))
    found = [_entry(module, survivor) for module in modules for survivor in module.survivors]
    new = sorted(set(found) - listed)
    print(f"\n{len(found)} survivors, of these not in {LISTED.relative_to(ROOT)}: {len(new)}", *new, sep="\n")
    return len(new)


def _entry(module: Module, survivor: str) -> str:
    """A survivor as the document lists it: the function, and the lines as they were changed."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", survivor], cwd=COPY, check=True, capture_output=True, text=True
    ).stdout
    changed = [line[1:].strip() for line in shown.splitlines() if line[:1] == "+" and line[:3] != "+++"]
    name = re.sub(r"__mutmut_[0-9]+$", "", survivor.rpartition(".")[2])  # xǁPolicyǁat__mutmut_3, x_mean__mutmut_12
    function = re.sub("^x[_ǁ]", "", name).replace("ǁ", ".")
    return f"- `{_short_name(module.path)}.{function}`: ``{' '.join(changed)}``"


def _short_name(path: str) -> str:
    """`services/gradebook/term_marks/rules/means.py` as the document writes it: `gradebook.term_marks.means`."""
    parts = Path(path).with_suffix("").parts
    return ".".join(part for part in parts if part not in ("services", "rules"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
