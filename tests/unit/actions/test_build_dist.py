"""build-dist writes files to dist only if they match the tag, and reports every mismatch."""

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
from tagship.contract.conversion import expand, read_inputs
from tagship.edges.checks import Checked, Checks
from tagship.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagship.errors import Problem


@dataclass(slots=True)
class Release:
    """A tagged project, and the records of the last action run on it."""

    repository: GitRepository
    temporary: Path
    runner: RecordingRunner = field(default_factory=RecordingRunner)

    @property
    def path(self) -> Path:
        return self.repository.path

    def dist(self, folder: str = "dist") -> list[str]:
        return sorted(path.name for path in (self.path / folder).iterdir()) if (self.path / folder).exists() else []


CHECK = Checks.run
"""The real tools, for the test that needs their findings."""


@pytest.fixture(autouse=True)
def _tools_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave twine and check-wheel-contents to ``tests/unit/edges/test_checks.py``: they take longer than a build."""
    monkeypatch.setattr(Checks, "run", lambda *_: Checked(findings=(), output=""))


def release(tmp_path: Path, files: Mapping[str, str] = PROJECT, *, tag: str | None = "v1.2.0") -> Release:
    """Return a repository of ``files`` whose only commit is tagged."""
    return Release(new_repository(tmp_path / "work", files, tag=tag), tmp_path / "temporary")


def build(
    project: Release,
    *,
    environ: Any = None,
    context: Any = None,
    **inputs: str,
) -> Outputs:
    """Run the action with inputs named as in a workflow, with underscores for hyphens."""
    recorded = recorded_world(project.path, project.temporary, environ=environ, **(context or {}))
    project.runner = recorded.runner
    raw = {name.replace("_", "-"): value for name, value in inputs.items()}
    names = recorded.runtime.context.expressions()
    return run(read_inputs(Inputs, raw, expand=lambda text: expand(text, names)), recorded.runtime)


def refused(project: Release, **inputs: str) -> tuple[Problem, ...]:
    """Return the problems of a failing run, and check that dist is empty."""
    with pytest.raises(Failure) as caught:
        build(project, **inputs)
    assert project.dist(inputs.get("out_dir", "dist")) == []
    return caught.value.problems


def test_the_tagged_version_is_built_and_reported(tmp_path: Path) -> None:
    """Files, checksums and metadata are outputs, and the summary shows them."""
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


def test_a_project_file_in_another_encoding_is_reported(tmp_path: Path) -> None:
    """A pyproject.toml in UTF-16 is a problem with its own message."""
    project = release(tmp_path)
    (project.path / "pyproject.toml").write_text(PROJECT["pyproject.toml"], "utf-16")

    (problem,) = refused(project)

    assert "pyproject.toml is not UTF-8" in problem.found


def test_a_package_without_its_submodule_is_refused(tmp_path: Path) -> None:
    """The build would succeed without the files, so it does not begin."""
    project = release(tmp_path)
    project.repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},src/hello/words")

    (problem,) = refused(project)

    assert problem.topic == "submodule-or-git-lfs-file-not-fetched"
    assert project.dist() == []


def test_no_other_files_remain(tmp_path: Path) -> None:
    """The scratch folder is removed, and only the checksums remain."""
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
    """Two spellings of the same version are equal."""
    outputs = build(release(tmp_path, {**PROJECT, "VERSION": version}, tag=tag), tag=tag, tag_prefix=prefix)

    assert outputs.prerelease == ("rc" in tag)


def test_a_version_other_than_the_tag_is_refused(tmp_path: Path) -> None:
    """The message has both versions, and dist stays empty."""
    (problem,) = refused(release(tmp_path), tag="v1.3.0")

    assert problem.topic == "version-mismatch"
    assert problem.found.startswith("Tag v1.3.0 means version 1.3.0, but the built version is 1.2.0")


def test_all_problems_are_reported_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems with version, README and contents are in one failure."""
    monkeypatch.setattr(Checks, "run", CHECK)
    files = {
        **PROJECT,
        "METADATA": "Metadata-Version: 2.1\nName: hello\nVersion: $VERSION\n",
        "backend/in_tree.py": BACKEND.replace(
            "**FILES,\n        f", '**FILES, "tests/__init__.py": b"x = 1",\n        f'
        ),
    }

    problems = refused(release(tmp_path, files), tag="v1.3.0", strict="true")

    assert sorted({problem.topic for problem in problems}) == [
        "metadata-warning",
        "version-mismatch",
        "wheel-contents",
    ]


def test_findings_can_be_warnings(tmp_path: Path) -> None:
    """By default warnings are annotations, and errors with ``strict: true``."""
    project = release(tmp_path, {**PROJECT, "METADATA": "Metadata-Version: 2.1\nName: hello\nVersion: $VERSION\n"})

    build(project)

    assert len(project.dist()) == 2
    assert {level for level, _, _ in project.runner.annotations} == {"warning"}
    assert "Without it the project page is empty." in project.runner.annotations[0][2]
    assert [problem.topic for problem in refused(project, strict="true")] == ["metadata-warning"]


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("Classifier: Private :: Do Not Upload", "unknown-classifier"),
        ("Requires-Dist: a @ https://a.org", "direct-"),
    ],
)
def test_files_that_pypi_refuses_are_refused_for_pypi_only(tmp_path: Path, field: str, rule: str) -> None:
    """Another index may accept them; both files have one message, whether strict or not."""
    metadata = f"Metadata-Version: 2.1\nName: hello\nVersion: $VERSION\n{field}\n\nHello\n"
    project = release(tmp_path, {**PROJECT, "METADATA": metadata})

    (problem,) = refused(project)

    assert problem.found.startswith("PyPI refuses hello-1.2.0.tar.gz and hello-1.2.0-py3-none-any.whl: ")
    assert f"[{rule}" in problem.found
    build(project, index_rules="none")
    assert len(project.dist()) == 2


def test_a_wheel_whose_record_is_wrong_is_refused_for_every_index(tmp_path: Path) -> None:
    """Installers check RECORD, so neither ``strict`` nor ``index-rules`` allows it."""
    backend = BACKEND.replace('f"{path},,', 'f"{path},,9')
    project = release(tmp_path, {**PROJECT, "backend/in_tree.py": backend})

    assert {problem.topic for problem in refused(project, index_rules="none")} == {"refused-by-pypi"}


def test_a_local_version_on_a_branch_is_a_note(tmp_path: Path) -> None:
    """Builds of a branch are not published, so even ``strict`` accepts the version."""
    project = release(tmp_path, {**PROJECT, "VERSION": "1.3.dev3+gabc"})

    build(project, tag="main", strict="true", context={"ref_type": "branch", "ref_name": "main"})

    assert [level for level, _, _ in project.runner.annotations] == ["note"]


@pytest.mark.parametrize(
    ("inputs", "files"),
    [
        ({"wheel": "false"}, ["hello-1.2.0.tar.gz"]),
        ({"sdist": "false"}, ["hello-1.2.0-py3-none-any.whl"]),
        ({"out_dir": "build/out"}, ["hello-1.2.0-py3-none-any.whl", "hello-1.2.0.tar.gz"]),
    ],
)
def test_the_requested_files_are_built(tmp_path: Path, inputs: dict[str, str], files: list[str]) -> None:
    """Each kind of file can be built alone, into any folder of the checkout."""
    project = release(tmp_path)

    outputs = build(project, **inputs)

    assert project.dist(inputs.get("out_dir", "dist")) == files
    assert [bool(outputs.sdist), bool(outputs.wheel)] == ["sdist" not in inputs, "wheel" not in inputs]


def test_nothing_to_build_is_refused(tmp_path: Path) -> None:
    """Disabling both kinds of file is an error."""
    (problem,) = refused(release(tmp_path), wheel="false", sdist="false")

    assert "Nothing to build" in problem.found


def test_old_files_are_removed_and_other_files_are_refused(tmp_path: Path) -> None:
    """Files of an earlier build are removed, and any other file is an error."""
    project = release(tmp_path)
    (project.path / "dist").mkdir()
    (project.path / "dist" / "old-0.9.tar.gz").touch()

    build(project)
    assert project.dist() == ["hello-1.2.0-py3-none-any.whl", "hello-1.2.0.tar.gz"]

    (project.path / "dist" / "notes.txt").touch()
    with pytest.raises(Failure, match=r"but it contains notes\.txt"):
        build(project)


def test_a_package_in_a_folder_is_built_from_there(tmp_path: Path) -> None:
    """Paths in the outputs are relative to the top of the checkout."""
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
def test_without_a_tag_every_version_passes(tmp_path: Path, ref_type: str, ref_name: str, tag: str) -> None:
    """Without a tag the version is not checked, and the summary says so."""
    project = release(tmp_path, {**PROJECT, "VERSION": "0.1.dev3"})

    build(project, tag=tag, context={"ref_type": ref_type, "ref_name": ref_name})

    assert "This run is not for a tag" in project.runner.summaries[0]
    assert [title for _, title, text in project.runner.annotations if "is not releasable" in text] != []


def test_a_tag_input_is_checked_on_a_branch_too(tmp_path: Path) -> None:
    """A manual run with a tag checks the version against that tag."""
    project = release(tmp_path)

    with pytest.raises(Failure, match=r"v1\.3\.0"):
        build(project, tag="v1.3.0", context={"ref_type": "branch", "ref_name": "main"})


def test_the_settings_of_the_job_do_not_reach_the_build(tmp_path: Path) -> None:
    """The build gets no tokens and no settings of Python, pip and uv, but ``env`` and the time of the commit."""
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
    """SOURCE_DATE_EPOCH of the caller overrides the time of the commit."""
    project = release(tmp_path)

    build(project, environ=environ, **inputs)

    assert json.loads((project.path / "seen.json").read_text())["environ"].get("SOURCE_DATE_EPOCH") == epoch


def test_equal_builds_pass_verification(tmp_path: Path) -> None:
    """Both files are the same in two builds some seconds apart."""
    project = release(tmp_path)
    started = time.monotonic()

    build(project, reproducible="verify")

    assert "hello-1.2.0.tar.gz is reproducible: a second build is byte-identical." in project.runner.text
    assert time.monotonic() - started > 2


def test_each_build_runs_in_the_same_folder(tmp_path: Path) -> None:
    """Compilers embed their working directory, so it is equal in both builds and in every run."""
    source = BACKEND.replace("**FILES,\n        f", '**FILES, "hello/_where.py": os.getcwd().encode(),\n        f')
    project = release(tmp_path, {**PROJECT, "backend/in_tree.py": source})

    verified = build(project, reproducible="verify")

    assert build(project).sha256sums == verified.sha256sums


def test_different_builds_are_refused(tmp_path: Path) -> None:
    """The message has the member that differs."""
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
    """Return the wheel at ``path`` as built at another time, with ``members`` replaced."""
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
    """Return a wheel of the project as built by an earlier run, in a separate folder."""
    earlier = release(tmp_path / "earlier")
    return earlier.path / build(earlier, sdist="false").wheel


def test_a_published_file_of_an_earlier_run_is_used(tmp_path: Path, published: Path) -> None:
    """An index never replaces a file, so the release and its checksums use the published one."""
    served = altered(published, tmp_path, {})
    project = release(tmp_path / "again")
    with serving(ScriptedIndex([[served]])) as index:
        outputs = build(project, published_index=index.url)

    digests = {file.name: file.sha256 for file in outputs.files}
    assert digests[served.name] == hashlib.sha256(served.read_bytes()).hexdigest()
    assert (project.path / outputs.wheel).read_bytes() == served.read_bytes()
    assert len(digests) == 2
    assert f"already has {served.name} with the same content. Using the published file." in project.runner.text


def test_the_same_file_on_the_index_is_not_downloaded(tmp_path: Path, published: Path) -> None:
    """An equal checksum is sufficient."""
    with serving(ScriptedIndex([[published]])) as index:
        build(release(tmp_path / "again"), published_index=index.url)

    assert [path for path, _ in index.requests] == ["/simple/hello/"]


def test_another_build_on_the_index_stops_the_release(tmp_path: Path, published: Path) -> None:
    """A published file with different content is an error, so files of two builds are never mixed."""
    served = altered(published, tmp_path, {"hello/__init__.py": b"other = 1"})
    with serving(ScriptedIndex([[served]])) as index:
        (problem,) = refused(release(tmp_path / "again"), published_index=index.url)

    assert problem.topic == "file-already-exists"
    assert "hello/__init__.py: the contents differ" in problem.found


def test_an_unreachable_index_is_a_warning(tmp_path: Path) -> None:
    """An index rejects duplicate uploads itself, so the build continues."""
    project = release(tmp_path)

    build(project, published_index="http://127.0.0.1:9/simple/")

    assert [(level, "127.0.0.1:9" in text) for level, _, text in project.runner.annotations] == [("warning", True)]
    assert len(project.dist()) == 2


def test_a_build_works_without_git(tmp_path: Path) -> None:
    """A source archive has no commit, and its version is in the project."""
    project = Release(GitRepository(tmp_path / "work"), tmp_path / "temporary")
    for name, text in PROJECT.items():
        (project.path / name).parent.mkdir(parents=True, exist_ok=True)
        (project.path / name).write_text(text)

    build(project, environ={"PATH": str(Path(sys.executable).parent), "GIT_CEILING_DIRECTORIES": str(tmp_path)})

    assert len(project.dist()) == 2


def test_git_in_the_backend_trusts_the_checkout(tmp_path: Path) -> None:
    """In a container the checkout belongs to another user, and version tools run git."""
    project = release(tmp_path)

    build(project, environ={"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"})

    seen = json.loads((project.path / "seen.json").read_text())["environ"]
    assert (seen["GIT_CONFIG_COUNT"], seen["GIT_CONFIG_KEY_0"]) == ("2", "a.b")
    assert (seen["GIT_CONFIG_KEY_1"], seen["GIT_CONFIG_VALUE_1"]) == ("safe.directory", str(project.path))


def test_a_failing_build_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    """The whole output is in the log."""
    source = "def build_sdist(*a):\n    print('::error::fake')\n    raise RuntimeError('no compiler here')\n"
    project = release(tmp_path, {**PROJECT, "backend/in_tree.py": source})

    (problem,) = refused(project)

    assert problem.topic == "build-failed"
    assert "RuntimeError: no compiler here" in problem.found
    assert "::error::fake" in project.runner.lines


@pytest.mark.parametrize("wheel", ["true", "false"])
def test_a_file_that_the_sdist_lacks_is_named(tmp_path: Path, wheel: str) -> None:
    """The build of the wheel from the sdist shows it, also if no wheel is wanted."""
    reads = "def get_requires_for_build_wheel(*a):\n    Path('tools/a.txt').read_text()\n    return []\n"
    project = release(tmp_path, {**PROJECT, "tools/a.txt": "1", "backend/in_tree.py": BACKEND + reads})

    (problem,) = refused(project, wheel=wheel)

    assert "failed: tools/a.txt is in the checkout and not in the sdist." in problem.found


def test_a_wheel_that_this_machine_cannot_build_is_a_warning(tmp_path: Path) -> None:
    """With wheel: false the compiler may be missing here."""
    fails = "def get_requires_for_build_wheel(*a):\n    raise RuntimeError('no compiler here')\n"
    project = release(tmp_path, {**PROJECT, "backend/in_tree.py": BACKEND + fails})

    assert build(project, wheel="false").wheel == ""
    assert any("no compiler here" in text for _, _, text in project.runner.annotations)


def test_an_invalid_version_in_the_tag_is_refused_before_the_build(tmp_path: Path) -> None:
    """Nothing is built if the tag has no valid version."""
    project = release(tmp_path, tag="latest")

    (problem,) = refused(project, tag="latest")

    assert problem.topic == "tag-is-not-a-version"
    assert not (project.path / "seen.json").exists()


def test_defaults_are_those_of_the_context() -> None:
    """The default tag is the ref that started the run."""
    names = {"ref_name": CONTEXT.ref_name}

    assert read_inputs(Inputs, {}, expand=lambda text: expand(text, names)).tag == "v1.2.0"
