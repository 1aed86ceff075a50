"""Commits, branches and tags of a repository: those of its record and those of a clone on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagship.core.versions import BAD_NAME

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.models import Repository

REFERENCES = "--format=%(refname) %(objectname) %(*objectname)"
SIGNATURE = re.compile(r"(?P<name>.*) <(?P<email>[^>]*)> (?P<at>\d+) [+-]\d{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit. ``committed_at`` is in seconds."""

    sha: str
    message: str
    committed_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReference:
    """A tag. ``target`` is the SHA of the annotated tag object, or of the commit for a lightweight tag."""

    name: str
    target: str
    annotated: bool
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """An annotated tag object, with the name, email and time (in seconds) of its tagger."""

    sha: str
    name: str
    message: str
    tagger: str
    email: str
    tagged_at: float
    commit: str


class Commits:
    """History of the record alone: the SHAs are known, messages are made up, and tags are lightweight.

    A ``reference`` is a branch, a tag, or a commit SHA of at least seven digits.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def branches(self) -> Mapping[str, str]:
        """Return the commit SHAs of the branches."""
        return self._repository.branches

    def tags(self) -> Mapping[str, TagReference]:
        """Return the tags by name."""
        return {
            name: TagReference(name=name, target=sha, annotated=False, commit=sha)
            for name, sha in self._repository.tags.items()
        }

    def commit(self, reference: str) -> Commit | None:
        """Return the commit of the reference."""
        record = self._repository
        named = record.tags.get(reference) or record.branches.get(reference)
        shas = {*record.branches.values(), *record.tags.values(), *record.commits}
        abbreviated = re.fullmatch("[0-9a-f]{7,40}", reference)
        sha = named or next((sha for sha in sorted(shas) if abbreviated and sha.startswith(reference)), None)
        return Commit(sha=sha, message=f"Commit {sha[:7]}", committed_at=record.created_at) if sha else None

    def annotation(self, sha: str) -> Annotation | None:
        """Return the annotated tag object with that SHA."""
        del sha
        return None

    def between(self, base: str, head: str) -> Sequence[Commit]:
        """Return the commits of ``head`` that ``base`` lacks, oldest first."""
        one, other = self.commit(base), self.commit(head)
        return (other,) if one and other and one.sha != other.sha else ()


class Clone(Commits):
    """History of a clone or bare repository, which is only read, and of the record, which takes precedence.

    References are passed to git on standard input, so git cannot read one as an option.
    """

    def __init__(self, repository: Repository, path: str) -> None:
        super().__init__(repository)
        self._path = path

    def branches(self) -> Mapping[str, str]:
        remote = {name: sha for name, sha, _ in self._references("refs/remotes/origin") if name != "HEAD"}
        local = {name: sha for name, sha, _ in self._references("refs/heads")}
        return {**remote, **local, **super().branches()}

    def tags(self) -> Mapping[str, TagReference]:
        found = {
            name: TagReference(name=name, target=sha, annotated=bool(peeled), commit=peeled or sha)
            for name, sha, peeled in self._references("refs/tags")
        }
        return {**found, **super().tags()}

    def commit(self, reference: str) -> Commit | None:
        if BAD_NAME.search(reference):
            return None
        recorded = self._repository.tags.get(reference) or self._repository.branches.get(reference)
        names = [f"refs/tags/{reference}", f"refs/heads/{reference}", f"refs/remotes/origin/{reference}"]
        if re.fullmatch("[0-9a-f]{7,40}", reference):
            names.append(reference)
        found = self._object(*(f"{name}^{{commit}}" for name in ([recorded] if recorded else names)))
        return _commit(*found) if found else super().commit(reference)

    def annotation(self, sha: str) -> Annotation | None:
        found = self._object(f"{sha}^{{tag}}") if re.fullmatch("[0-9a-f]{40}", sha) else None
        return _annotation(*found) if found else None

    def between(self, base: str, head: str) -> Sequence[Commit]:
        one, other = self.commit(base), self.commit(head)
        if one is None or other is None:
            return ()
        shas = self._lines("rev-list", "--reverse", "--max-count=250", f"{one.sha}..{other.sha}")
        return [commit for sha in shas if (commit := self.commit(sha))]

    def _object(self, *names: str) -> tuple[str, bytes] | None:
        """Return the SHA and the content of the first name that exists."""
        output = self._git("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode())
        while output:
            header, _, output = output.partition(b"\n")
            words = header.decode(errors="replace").split(" ")
            if words[-1].isdigit():
                return words[0], output[: int(words[-1])]
        return None

    def _references(self, folder: str) -> list[tuple[str, str, str]]:
        lines = [line.split(" ") for line in self._lines("for-each-ref", REFERENCES, folder)]
        return [(name.removeprefix(f"{folder}/"), sha, peeled) for name, sha, peeled in lines]

    def _lines(self, *command: str) -> list[str]:
        return self._git(*command).decode(errors="replace").splitlines()

    def _git(self, *command: str, stdin: bytes = b"") -> bytes:
        """Run git with no variables of the caller, which may have tokens or name another repository."""
        git = shutil.which("git") or "git"
        words = [git, "-c", "safe.directory=*", "-C", self._path, *command]
        environ = {"PATH": str(Path(git).parent)}
        return subprocess.run(words, input=stdin, capture_output=True, check=False, env=environ).stdout


def commits_of(repository: Repository) -> Commits:
    """Return the history of the repository, from its clone if it has one."""
    return Clone(repository, repository.git) if repository.git else Commits(repository)


def is_empty(commits: Commits) -> bool:
    """Return True if the repository has neither branches nor tags."""
    return not commits.branches() and not commits.tags()


def _headers(content: bytes) -> tuple[dict[str, str], str]:
    """Return the headers of a commit or tag object, the first of each key, and its message."""
    head, _, message = content.decode(errors="replace").partition("\n\n")
    headers: dict[str, str] = {}
    for line in head.splitlines():
        key, _, value = line.partition(" ")
        headers.setdefault(key, value)
    return headers, message


def _commit(sha: str, content: bytes) -> Commit:
    headers, message = _headers(content)
    signature = SIGNATURE.fullmatch(headers["committer"])
    return Commit(sha=sha, message=message.rstrip("\n"), committed_at=float(signature["at"]) if signature else 0)


def _annotation(sha: str, content: bytes) -> Annotation:
    headers, message = _headers(content)
    signature = SIGNATURE.fullmatch(headers.get("tagger", ""))
    return Annotation(
        sha=sha,
        name=headers["tag"],
        message=message,
        tagger=signature["name"] if signature else "nobody",
        email=signature["email"] if signature else "",
        tagged_at=float(signature["at"]) if signature else 0,
        commit=headers["object"],
    )
