"""The locks hold what the groups ask for, every file by its hash, and agree with each other."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from support.dependencies import LOCKS, ROOT, TIERS, direct, locked
from tagship.actions import NAMES

if TYPE_CHECKING:
    from pathlib import Path

each_lock = pytest.mark.parametrize("name", LOCKS)


@each_lock
def test_every_entry_is_pinned_to_one_version(name: str) -> None:
    """Two installations of one lock are the same libraries; nothing comes from an address of its own."""
    for entry in locked(LOCKS[name]).values():
        (specifier,) = entry.requirement.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version
        assert entry.requirement.url is None
        assert entry.requirement.extras == set()


@each_lock
def test_every_entry_has_hashes_of_its_own(name: str) -> None:
    """A file that is not the one locked is refused."""
    hashes = [item for entry in locked(LOCKS[name]).values() for item in entry.hashes]
    assert hashes
    assert len(hashes) == len(set(hashes))


@each_lock
def test_every_direct_dependency_is_in_the_lock_as_asked_for(name: str) -> None:
    """A lock is never older than what ``pyproject.toml`` says."""
    entries = locked(LOCKS[name])
    for dependency, requirement in direct(name).items():
        (specifier,) = entries[dependency].requirement.specifier
        assert requirement.specifier.contains(specifier.version, prereleases=True), dependency


@pytest.mark.parametrize("tier", [name for name in LOCKS if name not in {"full", "fuzz"}])
def test_tiers_agree_with_the_full_one(tier: str) -> None:
    """An action behaves the same alone and inside the whole release, and the tests run what is shipped."""
    whole, part = locked(LOCKS["full"]), locked(LOCKS[tier])
    smaller, larger = (whole, part) if tier == "dev" else (part, whole)
    for name, entry in smaller.items():
        assert larger[name].requirement.specifier == entry.requirement.specifier, name
        assert larger[name].hashes == entry.hashes, name


@each_lock
def test_a_marker_leaves_no_supported_platform_without_a_direct_dependency(name: str) -> None:
    """What an action imports itself is installed everywhere."""
    entries = locked(LOCKS[name])
    assert [dependency for dependency in direct(name) if entries[dependency].requirement.marker] == []


def test_every_action_has_a_tier_that_is_locked() -> None:
    """The bootstrap finds a lock for every name that a manifest may give."""
    tiers = json.loads((ROOT / "src" / "locks" / "actions.json").read_text("utf-8"))
    assert set(tiers) == set(NAMES)
    assert set(tiers.values()) <= set(TIERS)
    assert {path.stem for path in (ROOT / "src" / "locks").glob("*.txt")} == set(TIERS)


def test_the_recipe_locks_wheels_only() -> None:
    """What is resolved is what can be installed: the bootstrap takes no sdist."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (options,) = re.findall(r"^LOCK_OPTIONS := (.+)$", makefile, re.MULTILINE)
    for option in ("--generate-hashes", "--universal", "--only-binary :all:", "--python-version 3.11"):
        assert option in options


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a==1\n", id="no hash"),
        pytest.param(f"a==1 --hash=md5:{'0' * 32}\n", id="a weak hash"),
        pytest.param(f"a==1 --hash=sha256:{'0' * 64}\na==2 --hash=sha256:{'1' * 64}\n", id="a name that stands twice"),
        pytest.param("--index-url https://mirror.example\n", id="an option"),
        pytest.param("-e .\n", id="an editable"),
    ],
)
def test_a_lock_that_is_loose_is_seen(tmp_path: Path, text: str) -> None:
    """The reader of these tests refuses what they are about."""
    (tmp_path / "lock.txt").write_text(text)
    with pytest.raises(ValueError, match=r"lock\.txt"):
        locked(tmp_path / "lock.txt")
