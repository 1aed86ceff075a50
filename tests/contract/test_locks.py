"""The locks contain the dependency groups, every file by its hash, for every platform, and agree with each other."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import uv

from bootstrap.install import requirements
from support.dependencies import LOCKS, ROOT, TIERS, direct, locked
from tagship.actions import NAMES
from tagship.edges.environments import with_uv_settings

if TYPE_CHECKING:
    from pathlib import Path

each_lock = pytest.mark.parametrize("name", LOCKS)


@each_lock
def test_every_entry_is_pinned_to_one_version(name: str) -> None:
    """Two installations of one lock have the same versions; no entry has a URL or extras."""
    for entry in locked(LOCKS[name]).values():
        (specifier,) = entry.requirement.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version
        assert entry.requirement.url is None
        assert entry.requirement.extras == set()


@each_lock
def test_every_entry_has_hashes_of_its_own(name: str) -> None:
    """A file with another hash is refused by the installer."""
    hashes = [item for entry in locked(LOCKS[name]).values() for item in entry.hashes]
    assert hashes
    assert len(hashes) == len(set(hashes))


@each_lock
def test_every_direct_dependency_is_in_the_lock(name: str) -> None:
    """Its version is one that ``pyproject.toml`` allows."""
    entries = locked(LOCKS[name])
    for dependency, requirement in direct(name).items():
        (specifier,) = entries[dependency].requirement.specifier
        assert requirement.specifier.contains(specifier.version, prereleases=True), dependency


@pytest.mark.parametrize("tier", [name for name in LOCKS if name not in {"dev", "audit", "fuzz"}])
def test_tiers_agree_with_the_tests(tier: str) -> None:
    """An action has the same libraries alone, in the root action and in the tests."""
    larger = locked(LOCKS["dev"])
    for name, entry in locked(LOCKS[tier]).items():
        assert larger[name].requirement.specifier == entry.requirement.specifier, name
        assert larger[name].hashes == entry.hashes, name


@each_lock
def test_no_direct_dependency_has_a_marker(name: str) -> None:
    """A library that an action imports is installed on every platform."""
    entries = locked(LOCKS[name])
    assert [dependency for dependency in direct(name) if entries[dependency].requirement.marker] == []


def test_every_action_has_a_tier_that_is_locked() -> None:
    """The bootstrap has a lock for every action."""
    tiers = json.loads((ROOT / "src" / "locks" / "actions.json").read_text("utf-8"))
    assert set(tiers) == set(NAMES)
    assert set(tiers.values()) <= set(TIERS)
    assert {path.stem for path in (ROOT / "src" / "locks").glob("*.txt")} == set(TIERS)


PLATFORMS = (
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_tier_has_wheels_for_a_platform(platform: str, tmp_path: Path) -> None:
    """Every action can be installed there, with the oldest and the newest Python; needs the package index.

    Nothing is resolved, so that a tier can be installed if each of its entries can.
    """
    entries = {entry for tier in TIERS for entry in requirements(LOCKS[tier].read_text("utf-8")).values()}
    (tmp_path / "every-tier.txt").write_text("".join(sorted(entries)))
    environ = with_uv_settings(os.environ)
    options = ["--quiet", "--dry-run", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    for python in ("3.11", "3.14"):
        command = [uv.find_uv_bin(), "--no-config", "pip", "install", *options, "--target", str(tmp_path / "target")]
        command += ["--python-platform", platform, "--python-version", python, "-r", str(tmp_path / "every-tier.txt")]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"Python {python}: {done.stderr}"


def test_no_tier_contains_unused_parts_of_a_dependency() -> None:
    """The metadata overrides in ``pyproject.toml`` fit the locked versions; an upgrade must update both."""
    unused = {"cffi", "cryptography", "keyring", "pyjwt", "pynacl"}
    assert {tier: found for tier in TIERS if (found := unused & locked(LOCKS[tier]).keys())} == {}


def test_the_recipe_locks_wheels_only() -> None:
    """The bootstrap installs no sdist, so the resolver must not choose one."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (options,) = re.findall(r"^LOCK_OPTIONS := (.+)$", makefile, re.MULTILINE)
    for option in ("--generate-hashes", "--universal", "--only-binary :all:", "--python-version 3.11"):
        assert option in options


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a==1\n", id="no hash"),
        pytest.param(f"a==1 --hash=md5:{'0' * 32}\n", id="a weak hash"),
        pytest.param(f"a==1 --hash=sha256:{'0' * 64}\na==2 --hash=sha256:{'1' * 64}\n", id="a duplicate name"),
        pytest.param("--index-url https://mirror.example\n", id="an option"),
        pytest.param("-e .\n", id="an editable"),
    ],
)
def test_a_loose_lock_is_refused(tmp_path: Path, text: str) -> None:
    """The reader used by these tests refuses it."""
    (tmp_path / "lock.txt").write_text(text)
    with pytest.raises(ValueError, match=r"lock\.txt"):
        locked(tmp_path / "lock.txt")
