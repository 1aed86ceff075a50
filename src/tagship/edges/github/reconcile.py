"""The loop that brings a release to what is wanted: look, plan, do, look again, until there is nothing to do.

No memory of an earlier run is needed, so that a run may be killed anywhere, or run beside another, and a later run ends
in the same state. Publishing is done from a plan that holds nothing else, made of what was read just before.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeGuard

from tagship.core.release.answers import Meaning, meaning
from tagship.core.release.planning import plan
from tagship.core.release.state import asset_of, release_of
from tagship.core.release.steps import CreateDraft, DeleteAsset, DeleteDraft, Publish, UpdateRelease, Upload
from tagship.edges.github.connection import Connection
from tagship.edges.github.releases import Releases
from tagship.edges.github.retrying import Requests
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from tagship.core.preflight.published import ReleaseAnswer
    from tagship.core.release.answers import Answer
    from tagship.core.release.desired import DesiredRelease
    from tagship.core.release.state import Release, State
    from tagship.core.release.steps import FileStep, Plan, Step

_LOOKS = 5
"""How often to look for the effect of a step before it is done again: what is read may lag behind what was written."""
_TRIES = 6
_ROUNDS = 100
_GLANCE = 5.0
_UNDER_WAY = 120.0
"""For how many seconds an unfinished upload that is not ours is taken for one that somebody else is still sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run ended with, and whether it created the release or changed anything."""

    release: Release
    created: bool
    changed: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """One step that was sent, and what came of it."""

    step: Step
    answer: Answer
    meaning: Meaning


@dataclass(slots=True, kw_only=True)
class Convergence:
    """One run towards ``desired``, with at most ``parallel`` uploads under way. ``log`` gets a line for each step."""

    desired: DesiredRelease
    releases: Releases
    log: Callable[[str], None]
    parallel: int = 4
    _done: set[Step] = field(default_factory=set)
    _tries: Counter[Step] = field(default_factory=Counter)
    _looks: Counter[Step] = field(default_factory=Counter)

    def run(self, state: State) -> Outcome:
        """Return the release as wanted, from ``state`` on.

        Raises Failure where GitHub refuses a step, or does not show what it has confirmed.
        """
        before = {release.id for release in state.releases}
        made = plan(self.desired, state)
        for _ in range(_ROUNDS):
            if not made.steps:
                break
            published = None if self._awaits_its_effect(made.part) else self._apply(made.part)
            state = _with(state, *published) if published else self.releases.read(self.desired)
            made = plan(self.desired, state)
        if made.release is None or made.steps:
            raise Failure(_unsettled(made.steps[0]))
        created = made.release.id not in before and any(isinstance(step, CreateDraft) for step in self._tries)
        return Outcome(release=made.release, created=created, changed=bool(self._tries), remarks=made.remarks)

    def _awaits_its_effect(self, part: Plan) -> bool:
        """Return True if ``part`` repeats what was done or may have been done; if so, some time has been given to
        show it.
        """
        for step in part.steps:
            if self._is_sent_by_another(step) and self._looks[step] * _GLANCE < _UNDER_WAY:
                # Counted as well, since the clock here may be far behind GitHub's.
                self._looks[step] += 1
                self.releases.requests.pause(_GLANCE, f"Another run is uploading {step.name}")
                return True
            looks = _LOOKS if step in self._done else 1 if isinstance(step, CreateDraft) and self._tries[step] else 0
            if self._looks[step] < looks:
                self._looks[step] += 1
                self.releases.requests.pause(2.0 ** (self._looks[step] - 1), f"GitHub does not show yet: {step}")
                return True
            if self._tries[step] >= _TRIES:
                raise Failure(_unsettled(step))
        return False

    def _is_sent_by_another(self, step: Step) -> TypeGuard[DeleteAsset]:
        """Return True if ``step`` would remove what another run seems to be uploading right now."""
        if not isinstance(step, DeleteAsset) or not step.unfinished:
            return False
        ours = any(isinstance(tried, Upload) and tried.name == step.name for tried in self._tries)
        return not ours and self.releases.requests.clock.now() - step.since < _UNDER_WAY

    def _apply(self, part: Plan) -> tuple[Release, Publish] | None:
        """Do all of ``part`` up to what is not done; the published release if that was the publishing."""
        results: list[_Result] = []
        self._in_turn(part.before, part.release, results)
        self._at_once(part.files, part.release, results)
        self._in_turn(part.doubles, part.release, results)
        if part.publish:
            self._in_turn((part.publish,), part.release, results)
        self._settle(results)
        last = results[-1]
        if isinstance(last.step, Publish) and last.meaning is Meaning.DONE:
            return self.releases.with_digests(release_of(last.answer.data), self.desired), last.step
        return None

    def _in_turn(self, steps: Sequence[Step], release: Release | None, results: list[_Result]) -> None:
        """Send steps one by one, as long as everything so far is done."""
        for step in steps:
            if all(result.meaning is Meaning.DONE for result in results):
                results.append(self._send(step, release))

    def _at_once(self, chains: Sequence[tuple[FileStep, ...]], release: Release | None, results: list[_Result]) -> None:
        """Work on several files at a time. After a refusal, or where the run is cancelled, no further file is begun."""
        if any(result.meaning is not Meaning.DONE for result in results):
            return
        with ThreadPoolExecutor(max_workers=self.parallel) as pool:
            running = [pool.submit(self._chain, chain, release) for chain in chains]
            try:
                for future in as_completed(running):
                    if future.cancelled():
                        continue
                    results += future.result()
                    if results[-1].meaning is Meaning.REFUSED:
                        _call_off(running)
            except BaseException:
                _call_off(running)
                raise

    def _chain(self, chain: tuple[FileStep, ...], release: Release | None) -> list[_Result]:
        """Return the steps of one file, up to the first that is not done."""
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
        self.log(str(step))
        answer = self.releases.apply(step, release, uploaded)
        found = meaning(answer, writes=not isinstance(step, CreateDraft))
        if found is Meaning.DONE and not _is_confirmed(answer, step):
            found = Meaning.LOST
        return _Result(step=step, answer=answer, meaning=found)

    def _settle(self, results: list[_Result]) -> None:
        """Remember what came of the steps. Raises Failure for what GitHub refuses, or goes on losing."""
        refused: dict[str, Problem] = {}
        lost = 0
        for result in results:
            self._tries[result.step] += 1
            tries = self._tries[result.step]
            match result.meaning:
                case Meaning.DONE:
                    self._done.add(result.step)
                    self.releases.note(result.step, result.answer)
                    if isinstance(result.step, UpdateRelease) and result.step.fields.make_latest:
                        # Asked and confirmed; what shows as Latest is GitHub's choice: an only release always does.
                        self.desired = replace(self.desired, latest=None)
                case Meaning.LOST | Meaning.STALE if tries < _TRIES:
                    lost = max(lost, tries)
                case _:
                    problem = self.releases.explained(result.answer, result.step)
                    refused.setdefault(problem.topic, problem)
        if refused:
            raise Failure(*refused.values())
        pause = self.releases.requests.patience.after_loss(lost) if lost else None
        if pause is not None:
            self.releases.requests.pause(pause, "A step was not confirmed")


def _call_off(running: Sequence[Future[list[_Result]]]) -> None:
    """Begin none of what waits. The pool's own shutdown would not tell ``as_completed``, which then waits for ever."""
    for future in running:
        future.cancel()


def _is_confirmed(answer: Answer, step: Step) -> bool:
    """Return True if the answer shows what the step made or changed; of a file, by its digest where there is one.

    What a proxy answers in GitHub's place says nothing about what has happened.
    """
    if isinstance(step, (DeleteAsset, DeleteDraft)):
        return True
    if not isinstance(answer.data, dict) or "id" not in answer.data:
        return False
    if not isinstance(step, Upload):
        return True
    asset = asset_of(answer.data)
    return asset.uploaded and asset.size == step.file.size and asset.digest in (None, step.file.digest)


def _with(state: State, release: Release, publish: Publish) -> State:
    """``state`` after a release was published."""
    others = tuple(other for other in state.releases if other.id != release.id)
    latest = release.id if publish.fields.make_latest == "true" else state.latest
    return replace(state, releases=(*others, release), latest=latest)


def _unsettled(step: Step) -> Problem:
    return Problem(
        found=f"GitHub confirmed this step several times and still does not show it: {step}.",
        remedy="Run the job again: it goes on from what is there. See https://www.githubstatus.com if it persists.",
        topic="github-failing",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHub:
    """A repository on GitHub. ``log`` gets a line for each step and each wait."""

    releases: Releases
    log: Callable[[str], None]

    def close(self) -> None:
        """End the connections that are open."""
        self.releases.requests.connection.close()

    def read(self, desired: DesiredRelease) -> State:
        """What is there, as far as a plan for ``desired`` depends on it."""
        return self.releases.read(desired)

    def published(self, tag: str) -> ReleaseAnswer:
        """Return the published release of ``tag``, asked for once: a GitHub that is down is an answer as well."""
        return self.releases.published(tag)

    def run_jobs(self, run: str) -> Answer:
        """What GitHub tells of the jobs of the run with this number, asked once: nothing depends on it."""
        path = f"/repos/{self.releases.repository}/actions/runs/{run}/jobs"
        return self.releases.requests.connection.request("GET", path, parameters={"per_page": "100"})

    def generated_notes(self, tag: str, *, previous: str, target: str | None) -> str:
        """Return the notes that GitHub writes for ``tag``."""
        return self.releases.generated_notes(tag, previous=previous, target=target)

    def converge(self, desired: DesiredRelease, state: State, *, parallel: int) -> Outcome:
        """Return the release as wanted, from ``state`` on, with so many uploads at a time."""
        return Convergence(desired=desired, releases=self.releases, log=self.log, parallel=parallel).run(state)


def github(repository: str, *, api_url: str, token: str, log: Callable[[str], None]) -> GitHub:
    """Return the releases of ``repository`` behind the API at ``api_url``."""
    connection = Connection(api_url=api_url.rstrip("/"), token=token)
    return GitHub(releases=Releases(repository=repository, requests=Requests(connection=connection, log=log)), log=log)
