"""Every action can be imported with the libraries of its own tier alone."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from support.dependencies import LOCKS, ROOT, locked
from tagship.actions import NAMES

TIERS: dict[str, str] = json.loads((ROOT / "src" / "locks" / "actions.json").read_text("utf-8"))
# Refuses modules of this environment that the tier lacks. Arguments: action, refused modules, sources, clients.
_PROGRAM = """
import json, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name in refused:
            raise ModuleNotFoundError(f"{name} is not in the tier")

action, refused, source = sys.argv[1], set(json.loads(sys.argv[2])), sys.argv[3]
sys.path.insert(0, source)
sys.meta_path.insert(0, Refuse())
import importlib, tagship.main
tagship.main.load(action)
for name in json.loads(sys.argv[4]):
    importlib.import_module(name)
"""

# Clients that actions of a tier import when they need them.
CLIENTS = {
    "github": ["tagship.edges.github.releases", "tagship.edges.package_index"],
    "environments": ["tagship.edges.package_index"],
    "build": ["tagship.edges.package_index"],
    "full": ["tagship.edges.github.releases", "tagship.edges.package_index"],
}


installed = cache(packages_distributions)


@pytest.mark.parametrize("action", NAMES)
def test_an_action_imports_only_what_its_tier_holds(action: str) -> None:
    """A runner has nothing else, although the environment of the tests has more."""
    tier = locked(LOCKS[TIERS[action]]).keys() | {"tagship"}
    refused = [
        module
        for module, names in installed().items()
        if not tier & {str(canonicalize_name(name)) for name in names} and module not in sys.stdlib_module_names
    ]
    command = [sys.executable, "-I", "-c", _PROGRAM, action, json.dumps(refused), str(ROOT / "src")]
    command.append(json.dumps(CLIENTS.get(TIERS[action], [])))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


LATER = {
    "quality-gate": {"markdown_it", "requests", "ruamel"},
    "build-dist": {"build", "markdown_it", "requests"},
    "check-dist": {"build", "markdown_it", "requests"},
    "verify-wheel": {"markdown_it", "requests"},
    "extract-changelog": {"docutils", "packaging.requirements", "requests"},
    "gh-release": {"markdown_it", "requests", "ruamel"},
}
"""Libraries that an action imports only when it needs them, or never."""


@pytest.mark.parametrize("action", LATER)
def test_an_action_starts_without_the_libraries_of_others(action: str) -> None:
    """Their import would be most of the time of a start."""
    program = "import json, sys, tagship.main; tagship.main.load(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program, action], capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout)) & LATER[action] == set()
