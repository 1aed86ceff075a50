"""build-dist puts files into dist only when they are what was tagged, and says why when they are not."""

from __future__ import annotations

import hashlib
import json
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.backends import BACKEND, PROJECT
from support.indexes import ScriptedIndex, serving
from support.repositories import GitRepository, new_repository
from support.runtimes import CONTEXT, RecordingRunner, recorded_world
from tagship.actions.build_dist import Inputs, Outputs, run
from tagship.contract.expressions import expand
from tagship.contract.reading import read_inputs
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.errors import Problem


@dataclass(slots=True)
class Release:
    """A tagged project, and what the last action run on it said."""

    repository: GitRepository
    temporary: Path
    runner: RecordingRunner = field(default_factory=RecordingRunner)

    @property
    def path(self) -> Path:
        """The checkout."""
        return self.repository.path

    def dist(self, folder: str = "dist") -> list[str]:
        """What lies in the folder for built files."""
        return sorted(path.name for path in (self.path / folder).iterdir()) if (self.path / folder).exists() else []


def release(tmp_path: Path, files: Mapping[str, str] = PROJECT, *, tag: str | None = "v1.2.0") -> Release:
    """Return a repository of ``files`` with a tag at its one commit."""
    return Release(new_repository(tmp_path / "work", files, tag=tag), tmp_path / "temporary")


def build(
    project: Release,
    *,
    environ: Any = None,
    context: Any = None,
    **inputs: str,
) -> Outputs:
    """Run the action with the inputs spelled as a workflow spells them, underscores for hyphens."""
    recorded = recorded_world(project.path, project.temporary, environ=environ, **(context or {}))
    project.runner = recorded.runner
    raw = {name.replace("_", "-"): value for name, value in inputs.items()}
    names = recorded.runtime.context.expressions()
    return run(read_inputs(Inputs, raw, expand=lambda text: expand(text, names)), recorded.runtime)


def refused(project: Release, **inputs: str) -> tuple[Problem, ...]:
    """Return the problems that the action stops with; nothing is in dist then."""
    with pytest.raises(Failure) as caught:
        build(project, **inputs)
    assert project.dist(inputs.get("out_dir", "dist")) == []
    return caught.value.problems


def test_what_was_tagged_is_built_and_told(tmp_path: Path) -> None:
    """Files, digests and facts go to later steps; the summary shows them."""
    project = release(tmp_path)

    outputs = build(project)

    assert project.dist() == ["hello-1.2.0-py3-none-any.whl", "hello-1.2.0.tar.gz"]
    assert (outputs.name, outputs.version, outputs.prerelease, outputs.dist_dir) == ("hello", "1.2.0", False, "dist")
    assert (outputs.wheel, outputs.sdist) == ("dist/hello-1.2.0-py3-none-any.whl", "dist/hello-1.2.0.tar.gz")
    assert outputs.python_versions == ("3.12",)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (project.path / "dist").iterdir()}
    assert {file.name: file.sha256 for file in outputs.files} == digests
    lines = Path(outputs.hashes).read_text().splitlines()
    assert lines == [f"{digests[name]}  {name}" for name in sorted(digests)]
    assert not Path(outputs.hashes).is_relative_to(project.path)
    assert project.runner.summaries[0].startswith("### ✅ Build distributions: hello 1.2.0\n")
    assert project.runner.annotations == []


def test_a_project_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Editors of old write UTF-16; that is no fault of ours."""
    project = release(tmp_path)
    (project.path / "pyproject.toml").write_text(PROJECT["pyproject.toml"], "utf-16")

    (problem,) = refused(project)

    assert "pyproject.toml is not TOML" in problem.found


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    """The scratch folder goes; only the digests stay."""
    project = release(tmp_path)

    build(project)

    assert [path.name[:14] for path in project.temporary.iterdir()] == ["tagship-hashes"]


@pytest.mark.parametrize(
    ("tag", "prefix", "version"),
    [
        pytest.param("v1.2.0", "v", "1.2", id="a shorter spelling"),
        pytest.param("v1.2.0-rc1", "v", "1.2.0rc1", id="a pre-release with a hyphen"),
        pytest.param("pkg-v2024.01.05", "pkg-v", "2024.1.5", id="another prefix and leading zeros"),
    ],
)
def test_versions_are_compared_by_pep_440(tmp_path: Path, tag: str, prefix: str, version: str) -> None:
    """Spelling is no difference."""
    outputs = build(release(tmp_path, {**PROJECT, "VERSION": version}, tag=tag), tag=tag, tag_prefix=prefix)

    assert outputs.prerelease == ("rc" in tag)


def test_another_version_than_the_tag_is_refused(tmp_path: Path) -> None:
    """With both versions, before anything reaches dist."""
    (problem,) = refused(release(tmp_path), tag="v1.3.0")

    assert problem.topic == "version-mismatch"
    assert problem.found.startswith("Tag v1.3.0 means version 1.3.0, but the built version is 1.2.0")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Version, README and contents in one go."""
    files = {
        **PROJECT,
        "METADATA": "Metadata-Version: 2.1\nName: hello\nVersion: $VERSION\n",
        "backend/in_tree.py": BACKEND.replace(
            "**FILES,\n        f", '**FILES, "tests/__init__.py": b"x = 1",\n        f'
        ),
    }

    problems = refused(release(tmp_path, files), tag="v1.3.0")

    assert sorted({problem.topic for problem in problems}) == [
        "long_description-missing",
        "version-mismatch",
        "wheel-contents",
    ]


def test_findings_may_pass(tmp_path: Path) -> None:
    """``strict: false`` turns them into annotations."""
    project = release(tmp_path, {**PROJECT, "METADATA": "Metadata-Version: 2.1\nName: hello\nVersion: $VERSION\n"})

    build(project, strict="false")

    assert len(project.dist()) == 2
    assert {level for level, _, _ in project.runner.annotations} == {"warning"}
    assert "has no description" in project.runner.annotations[0][2]


@pytest.mark.parametrize(
    ("inputs", "files"),
    [
        ({"wheel": "false"}, ["hello-1.2.0.tar.gz"]),
        ({"sdist": "false"}, ["hello-1.2.0-py3-none-any.whl"]),
        ({"out_dir": "build/out"}, ["hello-1.2.0-py3-none-any.whl", "hello-1.2.0.tar.gz"]),
    ],
)
def test_what_is_asked_for_is_built(tmp_path: Path, inputs: dict[str, str], files: list[str]) -> None:
    """Either file alone, in any folder of the checkout."""
    project = release(tmp_path)

    outputs = build(project, **inputs)

    assert project.dist(inputs.get("out_dir", "dist")) == files
    assert [bool(outputs.sdist), bool(outputs.wheel)] == ["sdist" not in inputs, "wheel" not in inputs]


def test_nothing_to_build_is_refused(tmp_path: Path) -> None:
    """Both files are off."""
    (problem,) = refused(release(tmp_path), wheel="false", sdist="false")

    assert "nothing to build" in problem.found


def test_old_files_go_and_strangers_stop(tmp_path: Path) -> None:
    """Leftovers of a build before are removed; what is not ours is not."""
    project = release(tmp_path)
    (project.path / "dist").mkdir()
    (project.path / "dist" / "old-0.9.tar.gz").touch()

    build(project)
    assert project.dist() == ["hello-1.2.0-py3-none-any.whl", "hello-1.2.0.tar.gz"]

    (project.path / "dist" / "notes.txt").touch()
    with pytest.raises(Failure, match=r"but it contains notes\.txt"):
        build(project)


def test_a_package_in_a_folder_is_built_from_there(tmp_path: Path) -> None:
    """Paths in the outputs count from the top of the checkout."""
    files = {f"packages/hello/{name}": text for name, text in PROJECT.items()}
    project = release(tmp_path, files, tag="hello-v1.2.0")

    outputs = build(project, tag="hello-v1.2.0", tag_prefix="hello-v", working_directory="packages/hello")

    assert outputs.wheel == "dist/hello-1.2.0-py3-none-any.whl"
    assert len(project.dist()) == 2


@pytest.mark.parametrize(
    ("ref_type", "ref_name", "tag"),
    [("branch", "main", ""), ("branch", "main", "main"), ("branch", "12/merge", "12/merge")],
    ids=["the tag is empty", "a push to a branch", "a pull request"],
)
def test_off_a_tag_any_version_will_do(tmp_path: Path, ref_type: str, ref_name: str, tag: str) -> None:
    """There is nothing to hold the files against, and the summary says so."""
    project = release(tmp_path, {**PROJECT, "VERSION": "0.1.dev3"})

    build(project, tag=tag, context={"ref_type": ref_type, "ref_name": ref_name})

    assert "No tag is released" in project.runner.summaries[0]
    assert [title for _, title, text in project.runner.annotations if "is not releasable" in text] != []


def test_a_tag_given_by_name_counts_on_a_branch_too(tmp_path: Path) -> None:
    """A dispatch that names a tag is about that tag."""
    project = release(tmp_path)

    with pytest.raises(Failure, match=r"v1\.3\.0"):
        build(project, tag="v1.3.0", context={"ref_type": "branch", "ref_name": "main"})


def test_the_build_sees_nothing_of_the_jobs_settings(tmp_path: Path) -> None:
    """No token, no settings of Python, pip and uv; but what ``env`` names, and the time of the commit."""
    project = release(tmp_path)
    hostile = {
        "GITHUB_TOKEN": "secret", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret", "TWINE_PASSWORD": "secret",
        "GITHUB_OUTPUT": "/nowhere", "INPUTS": "{}", "PIP_INDEX_URL": "http://127.0.0.1:9", "UV_INDEX_URL": "http://127.0.0.1:9",
        "PYTHONPATH": "/nowhere", "PYTHONHASHSEED": "1", "VIRTUAL_ENV": "/nowhere", "HARMLESS": "yes",
    }  # fmt: skip

    build(project, environ=hostile, env="WITH_SPEEDUPS=1\nPIP_NO_BINARY=:all:")

    seen = json.loads((project.path / "seen.json").read_text())["environ"]
    assert "secret" not in seen.values()
    assert [name for name in hostile if seen.get(name)] == ["HARMLESS"]
    assert (seen["WITH_SPEEDUPS"], seen["PIP_NO_BINARY"]) == ("1", ":all:")
    assert seen["SOURCE_DATE_EPOCH"] == project.repository.git("log", "-1", "--format=%ct")


@pytest.mark.parametrize(
    ("environ", "inputs", "epoch"),
    [
        ({"SOURCE_DATE_EPOCH": "1234567890"}, {}, "1234567890"),
        ({}, {"env": "SOURCE_DATE_EPOCH=1000"}, "1000"),
        ({}, {"reproducible": "off"}, None),
        ({"SOURCE_DATE_EPOCH": ""}, {"reproducible": "off"}, None),
    ],
    ids=["the job's wins", "the input's wins", "off", "an empty one is none"],
)
def test_the_time_of_the_build_can_be_set(
    tmp_path: Path, environ: dict[str, str], inputs: dict[str, str], epoch: str | None
) -> None:
    """The caller's SOURCE_DATE_EPOCH counts before the commit's."""
    project = release(tmp_path)

    build(project, environ=environ, **inputs)

    assert json.loads((project.path / "seen.json").read_text())["environ"].get("SOURCE_DATE_EPOCH") == epoch


def test_equal_builds_verify(tmp_path: Path) -> None:
    """Both files come out the same twice, some seconds apart."""
    project = release(tmp_path)
    started = time.monotonic()

    build(project, reproducible="verify")

    assert "hello-1.2.0.tar.gz came out the same in a second build, byte for byte." in project.runner.text
    assert time.monotonic() - started > 2


def test_each_build_runs_in_the_same_place(tmp_path: Path) -> None:
    """A compiler writes into an extension where it ran, which must differ neither in a second build nor in a run."""
    source = BACKEND.replace("**FILES,\n        f", '**FILES, "hello/_where.py": os.getcwd().encode(),\n        f')
    project = release(tmp_path, {**PROJECT, "backend/in_tree.py": source})

    verified = build(project, reproducible="verify")

    assert build(project).sha256sums == verified.sha256sums


def test_builds_that_differ_are_refused(tmp_path: Path) -> None:
    """With the member that differs."""
    source = BACKEND.replace(
        "**FILES,\n        f", '**FILES, "hello/_when.py": os.urandom(8).hex().encode(),\n        f'
    )
    source = source.replace("(2024, 5, 6, 7, 8, 10)", "__import__('time').localtime()[:6]")

    problems = refused(release(tmp_path, {**PROJECT, "backend/in_tree.py": source}), reproducible="verify")

    (problem,) = problems
    assert problem.topic == "not-reproducible"
    assert "hello/_when.py: the contents differ" in problem.found
    assert "the times of 5 files differ" in problem.found


def altered(path: Path, into: Path, members: Mapping[str, bytes]) -> Path:
    """Return the wheel at ``path`` as another build would make it: at another time, with ``members`` in place of its
    own.
    """
    other = into / path.name
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(other, "w") as after:
        for entry in before.infolist():
            after.writestr(
                zipfile.ZipInfo(entry.filename, (2025, 1, 2, 3, 4, 6)),
                members.get(entry.filename) or before.read(entry),
            )
    return other


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Return a wheel of the project as an earlier run built it, in a folder of its own."""
    earlier = release(tmp_path / "earlier")
    return earlier.path / build(earlier, sdist="false").wheel


def test_what_an_earlier_run_has_published_is_used(tmp_path: Path, published: Path) -> None:
    """The index keeps its file, so the release and its digests are about that one."""
    served = altered(published, tmp_path, {})
    project = release(tmp_path / "again")
    with serving(ScriptedIndex([[served]])) as index:
        outputs = build(project, published_index=index.url)

    digests = {file.name: file.sha256 for file in outputs.files}
    assert digests[served.name] == hashlib.sha256(served.read_bytes()).hexdigest()
    assert (project.path / outputs.wheel).read_bytes() == served.read_bytes()
    assert len(digests) == 2
    assert f"has a {served.name} already that holds the same: it is used." in project.runner.text


def test_the_same_file_on_the_index_is_not_even_fetched(tmp_path: Path, published: Path) -> None:
    """Its digest is enough."""
    with serving(ScriptedIndex([[published]])) as index:
        build(release(tmp_path / "again"), published_index=index.url)

    assert [path for path, _ in index.requests] == ["/simple/hello/"]


def test_another_build_on_the_index_stops_the_release(tmp_path: Path, published: Path) -> None:
    """Before files of two builds stand side by side there."""
    served = altered(published, tmp_path, {"hello/__init__.py": b"other = 1"})
    with serving(ScriptedIndex([[served]])) as index:
        (problem,) = refused(release(tmp_path / "again"), published_index=index.url)

    assert problem.topic == "file-already-exists"
    assert "hello/__init__.py: the contents differ" in problem.found


def test_an_index_that_does_not_answer_is_warned_of(tmp_path: Path) -> None:
    """It will refuse by itself what it has."""
    project = release(tmp_path)

    build(project, published_index="http://127.0.0.1:9/simple/")

    assert [(level, "does not answer" in text) for level, _, text in project.runner.annotations] == [("warning", True)]
    assert len(project.dist()) == 2


def test_a_build_without_git_works(tmp_path: Path) -> None:
    """A source archive has no commit; the version is in the project."""
    project = Release(GitRepository(tmp_path / "work"), tmp_path / "temporary")
    for name, text in PROJECT.items():
        (project.path / name).parent.mkdir(parents=True, exist_ok=True)
        (project.path / name).write_text(text)

    build(project, environ={"PATH": str(Path(sys.executable).parent), "GIT_CEILING_DIRECTORIES": str(tmp_path)})

    assert len(project.dist()) == 2


def test_the_backends_git_trusts_the_checkout(tmp_path: Path) -> None:
    """In a container the checkout belongs to another user, and version tools ask git."""
    project = release(tmp_path)

    build(project, environ={"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"})

    seen = json.loads((project.path / "seen.json").read_text())["environ"]
    assert (seen["GIT_CONFIG_COUNT"], seen["GIT_CONFIG_KEY_0"]) == ("2", "a.b")
    assert (seen["GIT_CONFIG_KEY_1"], seen["GIT_CONFIG_VALUE_1"]) == ("safe.directory", str(project.path))


def test_a_failing_build_is_told_with_its_last_lines(tmp_path: Path) -> None:
    """The whole output is in the log."""
    source = "def build_sdist(*a):\n    print('::error::fake')\n    raise RuntimeError('no compiler here')\n"
    project = release(tmp_path, {**PROJECT, "backend/in_tree.py": source})

    (problem,) = refused(project)

    assert problem.topic == "build-failed"
    assert "RuntimeError: no compiler here" in problem.found
    assert "::error::fake" in project.runner.lines


def test_a_tag_that_is_no_version_is_refused_before_the_build(tmp_path: Path) -> None:
    """Nothing is built for nothing."""
    project = release(tmp_path, tag="latest")

    (problem,) = refused(project, tag="latest")

    assert problem.topic == "tag-is-not-a-version"
    assert not (project.path / "seen.json").exists()


def test_defaults_are_those_of_the_context() -> None:
    """The tag is the reference that started the run."""
    names = {"ref_name": CONTEXT.ref_name}

    assert read_inputs(Inputs, {}, expand=lambda text: expand(text, names)).tag == "v1.2.0"
