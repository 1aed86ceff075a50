"""Commits, tags and files read from a git repository on this machine, together with what the records add."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagship.rehearsal.fake_github.models import Repository

REFERENCES = "--format=%(refname) %(objectname) %(*objectname)"
SIGNATURE = re.compile(r"(?P<name>.*) <(?P<email>[^>]*)> (?P<at>\d+) [+-]\d{4}")


def commits_of(repository: Repository) -> Commits:
    """Return the repository's history: from its clone where it has one, else from the records alone."""
    return Clone(repository, repository.git) if repository.git else Known(repository)


class Clone:
    """A clone or bare repository, only ever read: tags that the embedded GitHub makes are known from the records.

    Names go to git on its standard input, so that none of them can be taken for an option.
    """

    def __init__(self, repository: Repository, path: str) -> None:
        self._known = Known(repository)
        self._recorded = repository
        self._path = path

    def branches(self) -> Mapping[str, str]:
        """Local branches and, where there is no such, the ones last seen at ``origin``."""
        seen = {name: sha for name, sha, _ in self._references("refs/remotes/origin") if name != "HEAD"}
        local = {name: sha for name, sha, _ in self._references("refs/heads")}
        return {**seen, **local, **self._known.branches()}

    def tags(self) -> Mapping[str, TagReference]:
        """Return the tags of both, those in the records first."""
        found = {
            name: TagReference(name=name, target=sha, annotated=bool(peeled), commit=peeled or sha)
            for name, sha, peeled in self._references("refs/tags")
        }
        return {**found, **self._known.tags()}

    def commit(self, reference: str) -> Commit | None:
        """Return the commit of a tag, of a branch, or of a SHA and its beginnings."""
        if BAD_NAME.search(reference):
            return None
        recorded = self._recorded.tags.get(reference) or self._recorded.branches.get(reference)
        names = [f"refs/tags/{reference}", f"refs/heads/{reference}", f"refs/remotes/origin/{reference}"]
        if re.fullmatch("[0-9a-f]{7,40}", reference):
            names.append(reference)
        found = self._object(*(f"{name}^{{commit}}" for name in ([recorded] if recorded else names)))
        return _commit(*found) if found else self._known.commit(reference)

    def annotation(self, sha: str) -> Annotation | None:
        """Return the annotated tag with that SHA."""
        found = self._object(f"{sha}^{{tag}}") if re.fullmatch("[0-9a-f]{40}", sha) else None
        return _annotation(*found) if found else None

    def comparison(self, base: str, head: str) -> Comparison | None:
        """How two references stand to each other."""
        one, other = self.commit(base), self.commit(head)
        if one is None or other is None:
            return None
        merge_base = self._lines("merge-base", one.sha, other.sha)
        common = self.commit(merge_base[0]) if merge_base else None
        if common is None:
            return None
        ahead = [
            self.commit(sha)
            for sha in self._lines("rev-list", "--reverse", "--max-count=250", f"{one.sha}..{other.sha}")
        ]
        behind = self._lines("rev-list", "--count", f"{other.sha}..{one.sha}")
        found = [commit for commit in ahead if commit]
        return Comparison(base=one, head=other, merge_base=common, ahead=found, behind=int(behind[0]))

    def file(self, reference: str, path: str) -> bytes | None:
        """Return the file's content, or the listing of a folder."""
        commit = self.commit(reference)
        found = self._object(f"{commit.sha}:{path.strip('/')}") if commit else None
        return found[1] if found else None

    def _object(self, *names: str) -> tuple[str, bytes] | None:
        """Return the SHA and content of the object that the first of the names leads to which leads to any."""
        if any("\n" in name for name in names):
            return None
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
        words = ["git", "-c", "safe.directory=*", "-C", self._path, *command]
        return subprocess.run(words, input=stdin, capture_output=True, check=False).stdout


def _headers(content: bytes) -> tuple[dict[str, list[str]], str]:
    """Return the header lines of a commit or tag object by key, and its message."""
    head, _, message = content.decode(errors="replace").partition("\n\n")
    headers: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, _, value = line.partition(" ")
        headers.setdefault(key, []).append(value)
    return headers, message


def _signature(text: str) -> Signature:
    found = SIGNATURE.fullmatch(text)
    if found is None:
        return Signature(name=text, email="", at=0)
    return Signature(name=found["name"], email=found["email"], at=float(found["at"]))


def _commit(sha: str, content: bytes) -> Commit:
    headers, message = _headers(content)
    return Commit(
        sha=sha,
        tree=headers["tree"][0],
        parents=tuple(headers.get("parent", ())),
        author=_signature(headers["author"][0]),
        committer=_signature(headers["committer"][0]),
        message=message.rstrip("\n"),
    )


def _annotation(sha: str, content: bytes) -> Annotation:
    headers, message = _headers(content)
    tagger = _signature(headers.get("tagger", ["nobody <> 0 +0000"])[0])
    return Annotation(sha=sha, name=headers["tag"][0], message=message, tagger=tagger, commit=headers["object"][0])


# What git check-ref-format refuses in a name, and with it every expression that git would work out.
BAD_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[./-]|/\.|\.lock(/|$)|[./]$|^@$|^$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who did something to a repository, and when (seconds)."""

    name: str
    email: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReference:
    """A tag: ``target`` is what the reference points to, an annotated tag's own object or the commit."""

    name: str
    target: str
    annotated: bool
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """The object of an annotated tag."""

    sha: str
    name: str
    message: str
    tagger: Signature
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How ``head`` stands to ``base``: ``ahead`` holds the commits only head has, oldest first."""

    base: Commit
    head: Commit
    merge_base: Commit
    ahead: Sequence[Commit]
    behind: int


class Commits(Protocol):
    """The history of one repository; a ``reference`` is a branch, a tag or the SHA of a commit."""

    def branches(self) -> Mapping[str, str]:
        """Return the branches and the SHA that each is at."""
        ...

    def tags(self) -> Mapping[str, TagReference]:
        """Return the tags by name."""
        ...

    def commit(self, reference: str) -> Commit | None:
        """Return the commit that the reference leads to."""
        ...

    def annotation(self, sha: str) -> Annotation | None:
        """Return the annotated tag with that SHA."""
        ...

    def comparison(self, base: str, head: str) -> Comparison | None:
        """How two references stand to each other; None where one is missing or they share no history."""
        ...

    def file(self, reference: str, path: str) -> bytes | None:
        """Return the file's content at the reference; a folder is empty content, what is not there is None."""
        ...


def is_empty(commits: Commits) -> bool:
    """Return True if nothing was ever pushed."""
    return not commits.branches() and not commits.tags()


class Known:
    """The history that the records tell: names and SHAs. What they do not say is filled with one plain commit each."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def branches(self) -> Mapping[str, str]:
        """Return the branches of the record."""
        return self._repository.branches

    def tags(self) -> Mapping[str, TagReference]:
        """Return the tags of the record; all are lightweight."""
        return {
            name: TagReference(name=name, target=sha, annotated=False, commit=sha)
            for name, sha in self._repository.tags.items()
        }

    def commit(self, reference: str) -> Commit | None:
        """Return the commit of a branch, of a tag, or named by its SHA or the first seven digits and more of it."""
        known = self._repository
        named = known.tags.get(reference) or known.branches.get(reference)
        shas = {*known.branches.values(), *known.tags.values(), *known.commits}
        abbreviated = re.fullmatch("[0-9a-f]{7,40}", reference)
        found = named or next((sha for sha in sorted(shas) if abbreviated and sha.startswith(reference)), None)
        return self._commit(found) if found else None

    def _commit(self, sha: str) -> Commit:
        someone = Signature(name="Octo Cat", email="octocat@example.invalid", at=self._repository.created_at)
        tree = hashlib.sha1(sha.encode(), usedforsecurity=False).hexdigest()
        return Commit(sha=sha, tree=tree, parents=(), author=someone, committer=someone, message=f"Commit {sha[:7]}")

    def annotation(self, sha: str) -> Annotation | None:
        """Return None: the records hold no annotated tags."""
        del sha
        return None

    def comparison(self, base: str, head: str) -> Comparison | None:
        """Return the head one commit ahead of the base, or the same as it."""
        one, other = self.commit(base), self.commit(head)
        if one is None or other is None:
            return None
        ahead = () if one.sha == other.sha else (other,)
        return Comparison(base=one, head=other, merge_base=one, ahead=ahead, behind=0)

    def file(self, reference: str, path: str) -> bytes | None:
        """Return None: the records hold no files."""
        del reference, path
        return None
