"""extract-changelog: the choice of the section, the changes to its notes, and the messages."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.repositories import new_repository
from support.runtimes import RecordingRunner, recorded_world
from tagship.actions.extract_changelog import ACTION, Inputs, Outputs
from tagship.contract.conversion import expand, output_texts, read_inputs
from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

CHANGELOG = """\
# Changelog

## [Unreleased]

- Something to come.

## [1.2.0] - 2026-02-19

### Added

- A thing that is listed
  on two lines, see [the guide](docs/guide.md) and [#1].

## [1.1.0] - 2026-01-01

- Older.

## 1.0.0 (yanked)

[#1]: https://example.com/1
"""
PROJECT = '[project]\nname = "hello-pkg"\n'
NOTES = (
    "### Added\n\n"
    "- A thing that is listed on two lines, see [the guide](https://github.com/octo/hello/blob/v1.2.0/docs/guide.md) "
    "and [#1].\n\n"
    "[#1]: https://example.com/1"
)
LINKS = (
    "[hello-pkg 1.2.0](https://pypi.org/project/hello-pkg/1.2.0/) · "
    "[Changelog](https://github.com/octo/hello/blob/v1.2.0/CHANGELOG.md#120---2026-02-19) · "
    "[Changes since v1.1.0](https://github.com/octo/hello/compare/v1.1.0...v1.2.0)"
)


def checkout(top: Path, files: Mapping[str, str] | None = None) -> Path:
    """Return a checkout in ``top`` with the tags v1.1.0 and v1.2.0."""
    repository = new_repository(top, {"pyproject.toml": PROJECT}, tag="v1.1.0")
    repository.commit(files or {"CHANGELOG.md": CHANGELOG})
    repository.git("tag", "v1.2.0")
    return top


def run(top: Path, *, branch: str | None = None, **given: str) -> tuple[Outputs, str, RecordingRunner]:
    """Return the outputs, the notes and the runner, for the tag v1.2.0 unless ``branch`` is set."""
    context: dict[str, Any] = {} if branch is None else {"ref_name": branch, "ref_type": "branch"}
    recorded = recorded_world(top, top.parent / "temporary", **context)
    names = recorded.runtime.context.expressions()
    raw = {name.replace("_", "-"): value for name, value in given.items()}
    outputs: Outputs = ACTION.run(read_inputs(Inputs, raw, expand=lambda text: expand(text, names)), recorded.runtime)
    return outputs, Path(outputs.notes_file).read_bytes().decode(), recorded.runner


def problems(top: Path, **given: str) -> tuple[Problem, ...]:
    """Return the problems of a failing run."""
    with pytest.raises(Failure) as caught:
        run(top, **given)
    return caught.value.problems


def test_the_notes_of_a_tag_are_ready_for_its_release_page(tmp_path: Path) -> None:
    """By default the section of the tag is found, unwrapped, linked and written to a file."""
    outputs, notes, runner = run(checkout(tmp_path / "top"))
    assert notes == f"{NOTES}\n\n---\n\n{LINKS}"
    assert outputs == Outputs(
        notes_file=outputs.notes_file,
        sha256sums=f"{hashlib.sha256(notes.encode()).hexdigest()}  notes.md",
        notes=notes,
        version="1.2.0",
        date="2026-02-19",
        status="released",
        title="[1.2.0] - 2026-02-19",
        previous_version="1.1.0",
        changelog="CHANGELOG.md",
        generate_notes=False,
        releases=(),
    )
    assert runner.annotations == []
    assert "line 7 of CHANGELOG.md" in runner.text
    assert "A thing that is listed" in runner.summary


def test_every_change_can_be_disabled(tmp_path: Path) -> None:
    """Without changes the notes are the section as written, with the link definition that it uses."""
    _, notes, _ = run(checkout(tmp_path / "top"), unwrap="false", absolute_links="false", links="none")
    section = CHANGELOG.partition("2026-02-19\n\n")[2].partition("\n\n## ")[0]
    assert notes == f"{section}\n\n[#1]: https://example.com/1"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"links": "compare"}, "[Changes since v1.1.0](https://github.com/octo/hello/compare/v1.1.0...v1.2.0)"),
        (
            {"links": "compare", "previous_tag": "v0.9"},
            "[Changes since v0.9](https://github.com/octo/hello/compare/v0.9...v1.2.0)",
        ),
        ({"links": "package", "package": "Other"}, "[Other 1.2.0](https://pypi.org/project/Other/1.2.0/)"),
        (
            {"links": "package", "package_url": "https://test.pypi.org/project/"},
            "[hello-pkg 1.2.0](https://test.pypi.org/project/hello-pkg/1.2.0/)",
        ),
    ],
)
def test_links_can_be_selected(tmp_path: Path, given: dict[str, str], expected: str) -> None:
    """The line below the notes has the requested links."""
    _, notes, _ = run(checkout(tmp_path / "top"), **given)
    assert notes.endswith(f"\n\n---\n\n{expected}")


def test_an_unknown_link_is_refused(tmp_path: Path) -> None:
    """A misspelt word does not mean none."""
    (problem,) = problems(tmp_path, links="pypi")
    assert (
        problem.found
        == "links: 'pypi' is not one of package, changelog, compare; separate them by commas, or use none."
    )


def test_unknown_links_are_left_out(tmp_path: Path) -> None:
    """Without git, a project and a remote, the notes have only the links that are known."""
    top = tmp_path / "top"
    top.mkdir()
    (top / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    _, notes, _ = run(top)
    assert notes.endswith(
        "\n\n---\n\n[Changelog](https://github.com/octo/hello/blob/v1.2.0/CHANGELOG.md#120---2026-02-19)"
    )


def test_paths_are_relative_to_the_repository_root(tmp_path: Path) -> None:
    """In a subfolder of the repository, links lead to the file's place on GitHub."""
    top = checkout(tmp_path / "top", {"sub/CHANGELOG.md": CHANGELOG, "sub/pyproject.toml": PROJECT})
    _, notes, _ = run(top / "sub", links="changelog")
    assert "/blob/v1.2.0/sub/docs/guide.md" in notes
    assert "/blob/v1.2.0/sub/CHANGELOG.md#" in notes


def test_a_package_in_a_folder_has_its_own_tags_and_changelog(tmp_path: Path) -> None:
    """In a monorepo the package is found by its prefix and folder."""
    top = tmp_path / "top"
    files = {
        "packages/a/CHANGELOG.md": "## 2.0\nB\n## 1.0\nA\n",
        "packages/a/pyproject.toml": '[project]\nname = "a"\n',
    }
    repository = new_repository(top, files)
    for name in ("a-v1.0", "b-v1.9", "a-v2.0"):
        repository.git("tag", name)
    outputs, notes, _ = run(top, tag="a-v2.0", tag_prefix="a-v", working_directory="packages/a")
    assert (outputs.version, outputs.changelog) == ("2.0", "packages/a/CHANGELOG.md")
    assert notes.startswith("B\n\n---\n\n[a 2.0](https://pypi.org/project/a/2.0/)")
    assert notes.endswith("[Changes since a-v1.0](https://github.com/octo/hello/compare/a-v1.0...a-v2.0)")


@pytest.mark.parametrize(
    ("given", "version", "status", "start"),
    [
        ({"version": "1.1"}, "1.1.0", "released", "- Older."),
        ({"version": "latest"}, "1.2.0", "released", "### Added"),
        ({"version": "unreleased"}, "", "unreleased", "- Something to come."),
        ({"tag": "v1.3.0", "on_missing": "unreleased"}, "", "unreleased", "- Something to come."),
        ({"tag": "v1.0.0", "on_missing": "unreleased"}, "", "unreleased", "- Something to come."),
        ({"tag": "v1.3.0", "on_missing": "empty"}, "", "", ""),
        ({"tag": "v1.0.0", "on_missing": "empty"}, "1.0.0", "yanked", ""),
        ({"tag": "main", "changelog": "none"}, "", "", ""),
    ],
)
def test_other_sections_can_be_selected(
    tmp_path: Path, given: dict[str, str], version: str, status: str, start: str
) -> None:
    """The inputs can select a version, the latest section, the unreleased section or none."""
    outputs, notes, _ = run(checkout(tmp_path / "top"), links="none", **given)
    assert (outputs.version, outputs.status) == (version, status)
    assert notes.startswith(start)
    assert bool(notes) == bool(start)


def test_the_package_name_selects_between_sections_of_one_version(tmp_path: Path) -> None:
    """The project's own name is preferred, and a heading prefix overrides it."""
    text = "## other 1.2.0\nA\n## hello_pkg 1.2.0\nB\n## My Tool 1.2.0\nC\n"
    top = checkout(tmp_path / "top", {"CHANGELOG.md": text})
    assert run(top, links="none")[1] == "B\n## My Tool 1.2.0\nC"
    assert run(top, links="none", heading_prefix="My Tool ")[1] == "C"


def test_long_notes_are_cut_and_link_to_the_full_text(tmp_path: Path) -> None:
    """The file fits on a release page and ends with a link to the rest."""
    items = "".join(f"- Item {number} of a long list of things.\n" for number in range(4000))
    outputs, notes, _ = run(checkout(tmp_path / "top", {"CHANGELOG.md": f"## 1.2.0\n{items}"}))
    assert 119_900 < len(notes.encode()) <= 120_000
    assert "[read on in the changelog](https://github.com/octo/hello/blob/v1.2.0/CHANGELOG.md#120)" in notes
    assert notes.endswith(LINKS.replace("120---2026-02-19", "120"))
    assert outputs.notes == ""


def test_all_releases_are_listed_on_request(tmp_path: Path) -> None:
    """The list is JSON, in the order of the file."""
    outputs, _, _ = run(checkout(tmp_path / "top"), releases="true")
    assert [(row["label"], row["status"], row["line"]) for row in outputs.releases] == [
        ("Unreleased", "unreleased", 3),
        ("1.2.0", "released", 7),
        ("1.1.0", "released", 14),
        ("1.0.0", "yanked", 18),
    ]
    assert output_texts(outputs)["releases"].startswith('[{"version":"","label":"Unreleased"')


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("## 1.2.0\nA\n## New Contributors\nB\n", "no version; it stays in the notes of 1.2.0.", 3),
        ("## 1.2.0 (unreleased)\nA\n", "marks this version as unreleased.", 1),
        ("## 1.2.0 [YANKED]\nA\n", "marks this version as yanked.", 1),
    ],
)
def test_oddities_of_the_section_are_annotated_at_their_lines(tmp_path: Path, text: str, said: str, line: int) -> None:
    """An oddity is a warning and does not stop the run."""
    _, _, runner = run(checkout(tmp_path / "top", {"CHANGELOG.md": text}))
    ((level, _, text_shown),) = runner.annotations
    assert (level, text_shown.endswith(said), runner.places) == ("warning", True, [("CHANGELOG.md", line)])


def test_oddities_of_other_sections_are_not_annotated(tmp_path: Path) -> None:
    """Only the section of this release matters."""
    text = "## 1.2.0\nA\n## 1.1.0\nB\n## Stranger\nC\n## 1.1.0\n"
    assert run(checkout(tmp_path / "top", {"CHANGELOG.md": text}))[2].annotations == []


def test_the_latest_notes_need_no_git_checkout(tmp_path: Path) -> None:
    """Outside a git checkout, a version is enough; without a tag the notes do not link to it."""
    top = tmp_path / "top"
    top.mkdir()
    (top / "CHANGELOG.md").write_text(CHANGELOG, "utf-8")
    outputs, notes, _ = run(top, branch="", version="latest")
    assert outputs.version == "1.2.0"
    assert notes.startswith("### Added\n\n- A thing that is listed on two lines, see [the guide](docs/guide.md)")
    assert "compare" not in notes


def test_a_run_without_tag_and_version_is_an_error(tmp_path: Path) -> None:
    """The notes of an unknown version cannot be extracted."""
    with pytest.raises(Failure, match="No tag is set") as caught:
        run(checkout(tmp_path / "top"), branch="")
    assert [problem.topic for problem in caught.value.problems] == ["wrong-inputs"]


@pytest.mark.parametrize("on_missing", ["empty", "unreleased"])
def test_continuing_without_the_section_is_a_warning(tmp_path: Path, on_missing: str) -> None:
    """The warning names the missing section."""
    _, _, runner = run(checkout(tmp_path / "top"), tag="v1.3.0", on_missing=on_missing)
    assert [warning.partition(". ")[0] for _, _, warning in runner.annotations] == [
        "CHANGELOG.md has no section for 1.3.0"
    ]


@pytest.mark.parametrize(
    ("text", "given", "topic"),
    [
        (CHANGELOG, {"tag": "v1.3.0"}, "missing-section"),
        (CHANGELOG, {"tag": "v1.0.0"}, "empty-section"),
        (CHANGELOG, {"tag": "nightly"}, "tag-is-not-a-version"),
        (CHANGELOG, {"working_directory": "gone"}, "working-directory-not-found"),
        (CHANGELOG, {"tag": "1.2.0"}, "tag-is-not-a-version"),
        (CHANGELOG, {"changelog": "docs/log.md"}, "changelog-not-found"),
        ("## 1.2.0\nA\n## 1.2.0\nB\n", {"on_missing": "empty"}, "duplicate-section"),
        ("## a 1.2.0\nA\n## b 1.2.0\nB\n", {"on_missing": "empty"}, "shared-changelog"),
        ("## 1.1.0\nA\n", {"on_missing": "unreleased"}, "missing-section"),
        ("## 1.1.0\nA\n## Unreleased\n", {"on_missing": "unreleased"}, "missing-section"),
        ("## 1.1.0\nA\n", {"version": "unreleased"}, "missing-section"),
        ("", {"version": "latest"}, "missing-section"),
    ],
)
def test_each_failure_has_its_topic(tmp_path: Path, text: str, given: dict[str, str], topic: str) -> None:
    """An ambiguous or missing section stops the run with one problem."""
    (problem,) = problems(checkout(tmp_path / "top", {"CHANGELOG.md": text, "x": "x"}), **given)
    assert problem.topic == topic


def test_a_branch_requires_a_tag_or_another_section(tmp_path: Path) -> None:
    """A branch is not used as a tag, and sections that need no tag are available."""
    top = checkout(tmp_path / "top")
    with pytest.raises(Failure, match=r"This run is for the branch main.*\n.*tag: v1.2.0; or .* version: unreleased"):
        run(top, branch="main")
    assert run(top, branch="main", version="unreleased")[0].status == "unreleased"


def test_wrong_inputs_are_reported_together(tmp_path: Path) -> None:
    """All malformed inputs are in one failure."""
    found = [problem.found for problem in problems(tmp_path, max_bytes="10", repository="not a name")]
    assert found == [
        "max-bytes: 10 is not a whole number of at least 1000.",
        "repository: 'not a name' is not OWNER/NAME; set it, for example octo/hello.",
    ]


RST = """\
=======
Changes
=======

1.2.0 (2026-02-19)
------------------

* ``run()`` accepts a path (:issue:`12`, :pep:`440`), see `the guide <docs/guide.rst>`_
  and |tool|.

.. warning::

   ``walk()`` is gone.

.. include:: /etc/passwd

1.1.0
-----

* Older.

.. |tool| replace:: the *tool*
"""


def test_a_restructuredtext_section_becomes_github_markdown(tmp_path: Path) -> None:
    """Roles, links, substitutions and admonitions are converted, no file is inserted, and losses are warnings."""
    outputs, notes, runner = run(checkout(tmp_path / "top", {"CHANGES.rst": RST}), links="none")
    assert notes == (
        "- `run()` accepts a path ([#12](https://github.com/octo/hello/issues/12), "
        "[PEP 440](https://peps.python.org/pep-0440/)), see "
        "[the guide](https://github.com/octo/hello/blob/v1.2.0/docs/guide.rst) and the *tool*.\n\n"
        "> [!WARNING]\n> `walk()` is gone."
    )
    assert (outputs.date, outputs.title, outputs.changelog) == ("2026-02-19", "1.2.0 (2026-02-19)", "CHANGES.rst")
    (warning,) = runner.annotations
    assert "include" in warning[2]


def test_the_section_of_a_plain_text_is_linked_by_its_line(tmp_path: Path) -> None:
    """GitHub renders no headings in such a file."""
    text = "For all changes, see the history.\n\n1.2.0 (2026-02-19)\n\n- A\n\n1.1.0 (2026-01-01)\n\n- B\n"
    _, notes, _ = run(checkout(tmp_path, {"CHANGES": text}), links="changelog")
    assert notes == "- A\n\n---\n\n[Changelog](https://github.com/octo/hello/blob/v1.2.0/CHANGES#L3)"


def test_roles_are_those_of_the_sphinx_configuration(tmp_path: Path) -> None:
    """Links declared by extlinks are used, in Markdown with MyST roles as well."""
    files = {
        "docs/conf.py": 'extlinks = {"bug": ("https://bugs.example.com/%s", "bug %s")}\nraise SystemExit\n',
        "CHANGELOG.md": "## 1.2.0\n\n- Fixed {bug}`7`.\n",
    }
    _, notes, _ = run(checkout(tmp_path / "top", files), links="none")
    assert notes == "- Fixed [bug 7](https://bugs.example.com/7)."


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("v1.2.0\n\n- A [link](docs/a.md)\n", "- A [link](https://github.com/octo/hello/blob/v1.2.0/docs/a.md)"),
        (
            "Faster\n\nBy half.\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n",
            "Faster\n\nBy half.",
        ),
        ("Hello\n-----BEGIN SSH SIGNATURE-----\nU1\n-----END SSH SIGNATURE-----\n", "Hello"),
        ("v1.2.0\n", "v1.2.0"),
    ],
)
def test_the_message_of_the_tag_is_the_notes(tmp_path: Path, message: str, expected: str) -> None:
    """Its signature is removed, and so is a title that has only the version."""
    repository = new_repository(tmp_path / "top", {"pyproject.toml": PROJECT})
    repository.git("tag", "--annotate", "--message", message, "v1.2.0")
    outputs, notes, _ = run(tmp_path / "top", changelog="tag", links="none")
    assert notes == expected
    assert (outputs.version, outputs.changelog) == ("1.2.0", "")


def test_a_lightweight_tag_has_no_message(tmp_path: Path) -> None:
    """The remedy creates an annotated tag; on-missing allows empty notes."""
    top = checkout(tmp_path / "top")
    (problem,) = problems(top, changelog="tag")
    assert problem.topic == "tag-without-a-message"
    assert problem.remedy == "Create an annotated tag: git tag --annotate v1.2.0"
    assert run(top, changelog="tag", on_missing="empty")[1] == ""


def test_without_a_changelog_github_writes_the_notes(tmp_path: Path) -> None:
    """The notes are empty, and an output shows gh-release to add the generated ones."""
    outputs, notes, runner = run(checkout(tmp_path / "top", {"README.md": "# Hello\n"}))
    assert (outputs.generate_notes, notes) == (True, "")
    assert "No changelog found in the checkout." in runner.annotations[0][2]
    assert run(checkout(tmp_path / "none", {"README.md": "x"}), changelog="none")[0].generate_notes is False


@pytest.mark.parametrize(
    ("tool", "folder", "heading"),
    [
        ('[tool.towncrier]\ndirectory = "news"\nfilename = "N.md"\n', "news", "## Features"),
        ("[tool.towncrier]\n", "hello-pkg/newsfragments", "## Features"),
        ('[tool.scriv]\nformat = "md"\nchangelog = "N.md"\n', "changelog.d", "## Added"),
    ],
    ids=["towncrier, Markdown", "towncrier, reStructuredText", "scriv"],
)
def test_the_notes_can_be_a_draft_of_the_fragments(tmp_path: Path, tool: str, folder: str, heading: str) -> None:
    """The tool runs in an environment of its own, and the checkout does not change; this needs the package index."""
    fragment = {f"{folder}/7.feature": "A *new* thing.\n"}
    if "scriv" in tool:
        fragment = {f"{folder}/7_a.md": "### Added\n\n- A *new* thing.\n"}
    top = checkout(tmp_path / "top", {"pyproject.toml": PROJECT + tool, **fragment})
    before = sorted(top.rglob("*"))
    outputs, notes, runner = run(top, on_missing="fragments", links="none")
    assert notes.removesuffix(" (#7)") == f"{heading}\n\n- A *new* thing."
    assert outputs.version == "1.2.0"
    assert f" in {folder} that are not built yet: " in runner.annotations[0][2]
    assert sorted(top.rglob("*")) == before


def test_a_draft_requires_fragments(tmp_path: Path) -> None:
    """The policy requires fragments."""
    (problem,) = problems(checkout(tmp_path / "top"), tag="v1.3.0", on_missing="fragments")
    assert problem.topic == "changelog-fragments"
