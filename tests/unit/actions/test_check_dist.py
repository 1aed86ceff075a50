"""check-dist checks all files of a release together, and moves them only if nothing is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.indexes import ScriptedIndex, serving
from support.repositories import new_repository
from support.runtimes import RecordingRunner, recorded_world
from support.wheels import write_sdist, write_wheel
from tagship.actions.check_dist import Inputs, Outputs, run
from tagship.contract.conversion import expand, read_inputs
from tagship.errors import Failure

if TYPE_CHECKING:
    from tagship.errors import Problem

LINUX = "cp312-cp312-manylinux_2_28_x86_64"
MACOS = "cp312-cp312-macosx_11_0_arm64"
PAGE = "Description-Content-Type: text/markdown\n\n# hello\n"
SDIST = f"Metadata-Version: 2.1\nName: hello\nVersion: 1.2.0\n{PAGE}"
CODE = {"hello/__init__.py": "x = 1\n"}


class Release:
    """A checkout with the artifacts of several jobs below ``artifacts``."""

    def __init__(self, folder: Path) -> None:
        self.path = new_repository(
            folder / "work", {"pyproject.toml": '[build-system]\nrequires = ["x"]\n'}, tag="v1.2.0"
        ).path
        self.temporary = folder / "temporary"
        self.runner = RecordingRunner()
        write_sdist(self.path / "artifacts/sdist", "hello", "1.2.0", CODE, metadata=SDIST)

    def wheel(self, job: str, tag: str, *, version: str = "1.2.0", metadata: str = PAGE, code: str = "x = 1\n") -> Path:
        files = {"hello/__init__.py": code}
        return write_wheel(self.path / "artifacts" / job, "hello", version, files, tag=tag, metadata=metadata)

    def check(self, **inputs: str) -> Outputs:
        recorded = recorded_world(self.path, self.temporary)
        self.runner = recorded.runner
        raw = {"files": "artifacts", "out-dir": "dist"} | {
            name.replace("_", "-"): text for name, text in inputs.items()
        }
        names = recorded.runtime.context.expressions()
        return run(read_inputs(Inputs, raw, expand=lambda text: expand(text, names)), recorded.runtime)

    def refused(self, **inputs: str) -> tuple[Problem, ...]:
        with pytest.raises(Failure) as caught:
            self.check(**inputs)
        assert not (self.path / "dist").exists()
        return caught.value.problems


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Return a release with an sdist."""
    return Release(tmp_path)


def test_the_files_of_all_jobs_are_checked_and_moved_together(release: Release) -> None:
    """One folder, one list of checksums."""
    names = [release.wheel("linux", LINUX).name, release.wheel("macos", MACOS).name, "hello-1.2.0.tar.gz"]

    outputs = release.check()

    assert sorted(path.name for path in (release.path / "dist").iterdir()) == sorted(names)
    assert (outputs.name, outputs.version, outputs.dist_dir) == ("hello", "1.2.0", "dist")
    assert [line.split()[1] for line in outputs.sha256sums.splitlines()] == sorted(names)
    assert release.runner.summaries[0].startswith("### ✅ Check distributions: hello 1.2.0\n")
    assert Path(outputs.hashes).read_text() == outputs.sha256sums + "\n"


def test_files_stay_in_place_without_an_output_folder(release: Release) -> None:
    """The checks and the checksums are enough if all files are in one folder."""
    outputs = release.check(out_dir="")

    assert (outputs.dist_dir, (release.path / "artifacts/sdist/hello-1.2.0.tar.gz").is_file()) == ("", True)


def test_the_output_folder_may_be_the_folder_of_the_files(release: Release) -> None:
    """The files are kept, although the folder is emptied before they are moved to it."""
    shutil.move(release.path / "artifacts/sdist", release.path / "dist")

    release.check(files="dist")

    assert [path.name for path in (release.path / "dist").iterdir()] == ["hello-1.2.0.tar.gz"]


def test_a_wheel_of_two_jobs_with_other_bytes_is_refused(release: Release) -> None:
    """Which of them is right is unknown."""
    release.wheel("linux", LINUX)
    release.wheel("other", LINUX, code="x = 2\n")

    (problem,) = release.refused()

    assert problem.topic == "same-file-twice"
    assert "artifacts/linux/hello-1.2.0-cp312-cp312-manylinux_2_28_x86_64.whl" in problem.found


def test_a_wheel_of_two_jobs_with_equal_bytes_is_one_file(release: Release) -> None:
    """Two runners may build the same wheel for every platform."""
    for job in ("linux", "macos"):
        release.wheel(job, "py3-none-any")

    assert len(release.check().files) == 2


@pytest.mark.parametrize(
    ("wheel", "said"),
    [
        pytest.param({"version": "1.3.0"}, "The files have different versions", id="another version"),
        pytest.param({"tag": "cp312-cp312-linux_x86_64"}, "unsupported platform tag 'linux_x86_64'", id="not repaired"),
        pytest.param({"metadata": "Classifier: No :: Such\n" + PAGE}, "is not a valid classifier", id="a classifier"),
    ],
)
def test_a_file_that_does_not_belong_to_the_release_is_refused(
    release: Release, wheel: dict[str, str], said: str
) -> None:
    """Nothing is moved, so nothing can be published."""
    release.wheel("linux", **{"tag": LINUX, **wheel})

    problems = release.refused()

    assert said in "\n".join(problem.found for problem in problems)


def test_every_other_file_is_named(release: Release) -> None:
    """A log or a checksum among the artifacts would be published with them."""
    for name in ("build.log", "SHA256SUMS"):
        (release.path / "artifacts" / name).write_text("x")

    problems = release.refused()

    assert [problem.found.split()[1] for problem in problems] == ["SHA256SUMS", "build.log"]


def test_files_of_another_tag_are_refused(release: Release) -> None:
    """The version of the files is compared with the tag."""
    (problem,) = release.refused(tag="v1.3.0")

    assert problem.topic == "version-mismatch"


@pytest.mark.parametrize("files", ["nothing/*", "artifacts\nnothing/*"], ids=["of one line", "of one of two lines"])
def test_no_files_are_a_problem(release: Release, files: str) -> None:
    """An empty matrix or a wrong pattern must not look like success."""
    (problem,) = release.refused(files=files)

    assert problem.found == "No file matches nothing/*."


def test_a_platform_of_the_last_release_that_is_missing_is_a_warning(release: Release, tmp_path: Path) -> None:
    """Users of that platform would have to compile the new version."""
    release.wheel("linux", LINUX)
    before = [write_wheel(tmp_path / "served", "hello", "1.1.0", CODE, tag=tag) for tag in (LINUX, MACOS)]

    with serving(ScriptedIndex(script=[before])) as index:
        release.check(published_index=index.url)

    (text,) = [annotation[2] for annotation in release.runner.annotations]
    assert "has wheels for macosx_arm64, and 1.2.0 has none" in text


def test_a_published_file_with_other_contents_stops_a_rerun(release: Release, tmp_path: Path) -> None:
    """An index never replaces a file, so a release of both would be inconsistent."""
    release.wheel("linux", LINUX)
    before = [write_wheel(tmp_path / "served", "hello", "1.2.0", {"hello/__init__.py": "x = 3\n"}, tag=LINUX)]

    with serving(ScriptedIndex(script=[before])) as index:
        (problem,) = release.refused(published_index=index.url)

    assert problem.topic == "file-already-exists"


MODULE = """\
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "hello", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_hello(void) { return CALL ? PyModule_Create(&module) : NULL; }
"""


@pytest.mark.skipif(shutil.which("gcc") is None, reason="a C compiler builds the extension module")
@pytest.mark.parametrize(
    ("call", "passes"),
    [
        pytest.param("1", True, id="the stable ABI"),
        pytest.param("_PyUnicode_IsAlpha(65)", False, id="a private function"),
    ],
)
def test_a_wheel_for_the_stable_abi_uses_only_that(
    tmp_path: Path, release: Release, call: str, *, passes: bool
) -> None:
    """A private function makes the wheel crash on another Python, which no test on this one shows."""
    (tmp_path / "hello.c").write_text(MODULE.replace("CALL", call))
    include, library = sysconfig.get_path("include"), tmp_path / "hello.abi3.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", f"-I{include}", "-o", str(library), str(tmp_path / "hello.c")], check=True
    )
    text = library.read_bytes().decode("latin-1")
    write_wheel(
        release.path / "artifacts/linux",
        "hello",
        "1.2.0",
        {"hello.abi3.so": text},
        tag="cp311-abi3-manylinux_2_28_x86_64",
        metadata=PAGE,
        encoding="latin-1",
    )
    if passes:
        assert len(release.check().files) == 2
    else:
        assert [problem.topic for problem in release.refused()] == ["abi3-violations"]
