"""The loop that reconciles a release with the desired one: read, plan, apply, read again, until nothing is left.

No memory of an earlier run is needed. A run can be killed at any point or run in parallel with another, and a later run
reaches the same result. Publishing is a plan of its own, made from a read just before it.
"""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeGuard

from tagship.core.release.answers import Meaning, meaning
from tagship.core.release.assets import PART, asset_name
from tagship.core.release.body import is_ours
from tagship.core.release.planning import plan
from tagship.core.release.retries import START, Parallelism
from tagship.core.release.state import asset_of, release_of
from tagship.core.release.steps import (
    CreateDraft,
    DeleteAsset,
    DeleteRelease,
    MoveTag,
    Publish,
    RenameAsset,
    UpdateRelease,
    Upload,
)
from tagship.edges.github.retrying import MOST
from tagship.edges.github.writes import discard, problem_with, remember_digest, send
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from tagship.core.release.answers import Answer
    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.state import CurrentReleases, Release
    from tagship.core.release.steps import FileStep, Plan, Step
    from tagship.edges.github.releases import GitHub

_READS = 5
"""Number of reads to wait for a step's effect before the step is repeated: reads can lag behind writes."""
_ATTEMPTS = 6
_ROUNDS = 100
_POLL = 5.0
_UPLOAD_GRACE = 120.0
"""Seconds for which an unfinished upload of another run counts as in progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The final release, and if this run created the release or changed anything."""

    release: Release
    created: bool
    changed: bool
    remarks: tuple[str, ...] = ()


def reconcile(
    github: GitHub,
    desired: DesiredRelease,
    current: CurrentReleases,
    *,
    parallel: int = MOST,
    keep_draft: bool = True,
) -> Outcome:
    """Turn ``current`` into ``desired``, with at most ``parallel`` uploads at a time.

    Raises Failure if GitHub refuses a step, or does not show a step that it has confirmed. Without ``keep_draft``, the
    draft that this run created is then deleted, if it has no files of other runs.
    """
    github.parallelism = Parallelism(most=parallel, allowed=min(START, parallel))
    before = frozenset(release.id for release in current.releases)
    run = _Run(github=github, desired=desired, before=before)
    try:
        made = _reconciled(run, current)
    except Failure:
        names = {name + end for name in map(asset_name, (file.name for file in desired.files)) for end in ("", PART)}
        for new in () if keep_draft else run.created:
            kept = f"The draft {new} of the failed run was not deleted. A rerun continues with it."
            github.log("The new draft was deleted, because the run failed." if discard(github, new, names) else kept)
        raise
    if made.release is None or made.steps:
        raise AssertionError("the plan is not applied")
    created = made.release.id not in before and any(isinstance(step, CreateDraft) for step in run.attempts)
    return Outcome(release=made.release, created=created, changed=bool(run.attempts), remarks=made.remarks)


def _reconciled(run: _Run, current: CurrentReleases) -> Plan:
    """Apply plans until there is nothing left to do, and return the last one, which has no steps."""
    made = plan(run.desired, current)
    for _ in range(_ROUNDS):
        if not made.steps:
            return made
        changed = None if run.waits_for_effect(made.part) else run.apply(made.part)
        if changed:
            current = replace(_with(current, *changed), commit=run.github.known_commit(run.desired.tag, current))
        elif run.undisturbed and not made.part.old:
            current = run.github.refresh(run.desired, current)
        else:
            current = run.github.read(run.desired)
        run.note_drafts(current)
        made = plan(run.desired, replace(current, created=frozenset(run.created)))
    raise Failure(_unconfirmed(made.steps[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """One step that was sent, its response, and the meaning of the response."""

    step: Step
    answer: Answer
    meaning: Meaning


@dataclass(slots=True, kw_only=True)
class _Run:
    """The steps sent so far, by number of attempts, and those that GitHub has confirmed."""

    github: GitHub
    desired: DesiredRelease
    before: frozenset[int]
    """Ids of the releases before the first step."""
    attempts: Counter[Step] = field(default_factory=Counter)
    undisturbed: bool = True
    """True if every step of the last part was done: then no other run interfered."""
    created: set[int] = field(default_factory=set)
    """Ids of the drafts that this run created."""
    _unanswered: dict[str, float] = field(default_factory=dict)
    """Time at which the answer to an upload was lost, by the asset's name."""
    _confirmed: set[Step] = field(default_factory=set)
    _reads: Counter[Step] = field(default_factory=Counter)

    def note_drafts(self, current: CurrentReleases) -> None:
        """Add the drafts of this run whose creation GitHub did not confirm, but shows."""
        if any(isinstance(step, CreateDraft) for step in self.attempts):
            drafts = (one for one in current.releases if one.draft and is_ours(one.body, self.desired.tag))
            self.created |= {draft.id for draft in drafts} - self.before

    def waits_for_effect(self, part: Plan) -> bool:
        """Return True if ``part`` repeats a step whose effect may still appear, after a pause for it.

        Raises Failure if a step was sent too often.
        """
        for step in part.steps:
            if self._in_progress(step) and self._reads[step] * _POLL < _UPLOAD_GRACE:
                # Counted as well, because the local clock may be far behind GitHub's.
                self._reads[step] += 1
                ours = step.name in self._unanswered
                doing = "GitHub has not finished the upload of" if ours else "Another run is uploading"
                self.github.pause(_POLL, f"{doing} {step.name}")
                return True
            created = isinstance(step, CreateDraft) and self.attempts[step]
            if self._reads[step] < (_READS if step in self._confirmed else 1 if created else 0):
                self._reads[step] += 1
                self.github.pause(2.0 ** (self._reads[step] - 1), f"GitHub does not show this step yet: {step}")
                return True
            if self.attempts[step] >= _ATTEMPTS:
                raise Failure(_unconfirmed(step))
        return False

    def _in_progress(self, step: Step) -> TypeGuard[DeleteAsset]:
        """Return True if ``step`` would delete a file that another run or GitHub may be storing right now."""
        if not isinstance(step, DeleteAsset) or not step.unfinished:
            return False
        ours = any(isinstance(sent, Upload) and sent.name == step.name for sent in self.attempts)
        since = self._unanswered.get(step.name, 0.0) if ours else step.since
        return self.github.clock.now() - since < _UPLOAD_GRACE

    def apply(self, part: Plan) -> tuple[Release, Step] | None:
        """Send the steps of ``part`` until one is not done.

        Returns the release if the last step created or published it. A draft that stays one is read again instead,
        because another run may have created one too.
        """
        if part.release is not None and part.release.draft and self.desired.assets == "keep":
            # A run of another build may publish or change the draft at any time: a mixture of both must not stay.
            self.desired = replace(self.desired, assets="replace")
        results: list[_Result] = []
        self._one_by_one(part.before, part.release, results)
        self._in_parallel(part.files, part.release, results)
        self._one_by_one((part.publish,) if part.publish else (), part.release, results)
        self._one_by_one((*part.duplicates, *part.old), part.release, results)
        self._record(results)
        last = results[-1]
        whole = isinstance(last.step, Publish) or (isinstance(last.step, CreateDraft) and not self.desired.draft)
        if whole and last.meaning is Meaning.DONE:
            return self.github.with_digests(release_of(last.answer.data), self.desired), last.step
        return None

    def _one_by_one(self, steps: Sequence[Step], release: Release | None, results: list[_Result]) -> None:
        """Send the steps in order, as long as every step so far is done."""
        for step in steps:
            if all(result.meaning is Meaning.DONE for result in results):
                results.append(self._send(step, release))

    def _in_parallel(
        self, chains: Sequence[tuple[FileStep, ...]], release: Release | None, results: list[_Result]
    ) -> None:
        """Send the chains of several files at a time. After a refusal or a cancellation no further file is started."""
        if any(result.meaning is not Meaning.DONE for result in results):
            return
        waiting = deque(chains)
        running: set[Future[list[_Result]]] = set()
        with ThreadPoolExecutor(max_workers=self.github.parallelism.most) as pool:
            while waiting or running:
                while waiting and len(running) < self.github.parallelism.allowed:
                    running.add(pool.submit(self._chain, waiting.popleft(), release))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    results += future.result()
                    if results[-1].meaning is Meaning.REFUSED:
                        waiting.clear()

    def _chain(self, chain: tuple[FileStep, ...], release: Release | None) -> list[_Result]:
        """Send the steps of one file, up to the first that is not done."""
        results: list[_Result] = []
        uploaded: int | None = None
        for step in chain:
            results.append(self._send(step, release, uploaded))
            if results[-1].meaning is not Meaning.DONE:
                break
            if isinstance(step, Upload):
                uploaded = asset_of(results[-1].answer.data).id
        return results

    def _send(self, step: Step, release: Release | None, uploaded: int | None = None) -> _Result:
        self.github.log(str(step))
        answer = send(self.github, step, release, uploaded)
        found = meaning(answer, writes=not isinstance(step, CreateDraft))
        if found is Meaning.DONE and not _is_confirmed(answer, step):
            found = Meaning.LOST
        return _Result(step=step, answer=answer, meaning=found)

    def _record(self, results: list[_Result]) -> None:
        """Count the steps, and pause if one was lost. Raises Failure for a step that is refused or keeps failing."""
        refused: dict[str, Problem] = {}
        lost = 0
        self.undisturbed = all(result.meaning is Meaning.DONE for result in results)
        for result in results:
            self.attempts[result.step] += 1
            attempts = self.attempts[result.step]
            if isinstance(result.step, Upload) and not result.answer.status:
                self._unanswered[result.step.name] = self.github.clock.now()
            match result.meaning:
                case Meaning.DONE:
                    self._confirmed.add(result.step)
                    self.created |= {result.answer.data["id"]} if isinstance(result.step, CreateDraft) else set()
                    remember_digest(self.github, result.step, result.answer)
                    if isinstance(result.step, UpdateRelease) and result.step.fields.make_latest:
                        # Confirmed once is enough: GitHub decides which release is Latest, an only release always is.
                        self.desired = replace(self.desired, latest=None)
                case Meaning.LOST | Meaning.STALE if attempts < _ATTEMPTS:
                    lost = max(lost, attempts)
                case _:
                    problem = problem_with(self.github, result.step, result.answer)
                    refused.setdefault(problem.topic, problem)
        if refused:
            raise Failure(*refused.values())
        pause = self.github.retries.after_loss(lost) if lost else None
        if pause is not None:
            self.github.pause(pause, "GitHub did not confirm a step")


def _is_confirmed(answer: Answer, step: Step) -> bool:
    """Return True if the response shows the result of the step; for a file, its digest if the server computes one.

    A proxy that answers in place of GitHub confirms nothing.
    """
    if isinstance(step, (DeleteAsset, DeleteRelease, MoveTag)):
        return True
    try:
        if not isinstance(step, Upload):
            return bool(asset_of(answer.data) if isinstance(step, RenameAsset) else release_of(answer.data))
        asset = asset_of(answer.data)
    except ValueError:
        return False
    return asset.uploaded and asset.size == step.file.size and asset.digest in (None, step.file.digest)


def _with(current: CurrentReleases, release: Release, step: Step) -> CurrentReleases:
    """Return ``current`` after ``release`` was created or published by ``step``."""
    others = tuple(other for other in current.releases if other.id != release.id)
    marked = isinstance(step, Publish) and step.fields.make_latest == "true"
    latest = release.id if marked else current.latest
    return replace(current, releases=(*others, release), latest=latest)


def _unconfirmed(step: Step) -> Problem:
    return Problem(
        found=f"GitHub confirmed this step several times but still does not show it: {step}.",
        remedy="Run the job again; it continues from the current state. If it fails again, "
        "check https://www.githubstatus.com.",
        topic="github-server-error-5xx",
    )
