"""Each rule of the index has a distribution that passes and one that fails, in PyPI's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from support.uploads import CLASSIFIERS, INFO, described, digest_of, sdist_upload, wheel_upload
from tagship.core.distributions.distribution import Structure
from tagship.core.index_rules.release import RULES, release_violations
from tagship.core.index_rules.rule import findings_of
from tools.tables import rules_table

if TYPE_CHECKING:
    from tagship.core.index_rules.rule import Upload

OLD_LIST = replace(CLASSIFIERS, day=date(2026, 8, 1))
LONG = "x" * 513
LABEL = "A label that is longer than thirty-two characters"

PASS: list[tuple[str, str, Upload]] = [
    ("metadata-version", "the newest version", described(head="Metadata-Version: 2.5\nName: a\nVersion: 1\n")),
    ("metadata-version", "the oldest version", described(head="Metadata-Version: 1.0\nName: a\nVersion: 1\n")),
    ("invalid-metadata", "a requirement with a marker", described("Requires-Dist: a>=1; python_version < '3.12'\n")),
    ("invalid-metadata", "an SPDX expression", described("License-Expression: MIT OR Apache-2.0\n")),
    ("local-version", "a post-release", described(head="Metadata-Version: 2.4\nName: a\nVersion: 1.0.post1\n")),
    ("long-summary", "512 characters", described(f"Summary: {LONG[:512]}\n")),
    ("unknown-classifier", "a known one", described("Classifier: Programming Language :: Python :: 3\n")),
    ("unknown-classifier", "no list", described("Classifier: Nothing :: Known\n", classifiers=None)),
    ("deprecated-classifier", "a current one", described("Classifier: Programming Language :: Python :: 3\n")),
    ("direct-dependency", "an extra", described("Provides-Extra: x\nRequires-Dist: a[b]>=1; extra == 'x'\n")),
    ("project-url", "a label of 32 characters", described(f"Project-URL: {LABEL[:32]}, https://example.org\n")),
    ("project-url", "http", described("Project-URL: Home, http://example.org/a?b#c\n")),
    ("home-page", "https", described("Home-page: https://example.org\n")),
    ("email-address", "a name and an address", described("Author-email: A. Person <a@example.org>\n")),
    ("email-address", "two addresses", described("Author-email: a@example.org, b@example.org\n")),
    (
        "invalid-metadata",
        "Markdown with a variant",
        described("Description-Content-Type: text/markdown; variant=GFM\n"),
    ),
    ("invalid-metadata", "UTF-8", described("Description-Content-Type: text/x-rst; charset=UTF-8\n")),
    ("invalid-metadata", "a field that may be dynamic", described("Dynamic: requires-dist\n")),
    ("two-licenses", "an expression alone", described("License-Expression: MIT\n")),
    ("old-license", "a classifier alone", described("Classifier: License :: OSI Approved :: MIT License\n")),
    ("no-content-type", "a type", described("Description-Content-Type: text/plain\n\nHello\n")),
    ("no-content-type", "reStructuredText", described("\nHello\n=====\n\n`a <https://example.org>`_\n")),
    ("no-description", "a description", wheel_upload(metadata="\nHello\n")),
    ("no-description", "not built yet", described()),
    ("file-type", "a wheel", wheel_upload()),
    ("sdist-name", "PEP 625", sdist_upload()),
    (
        "sdist-name",
        "a name with a dot",
        sdist_upload(
            ("a_b-1.0/PKG-INFO",), filename="a_b-1.0.tar.gz", head="Metadata-Version: 2.4\nName: A.B\nVersion: 1.0\n"
        ),
    ),
    ("wheel-name", "a build tag", wheel_upload(filename="hello-1.0-1-py3-none-any.whl")),
    ("platform-tag", "manylinux", wheel_upload(filename="hello-1.0-cp311-cp311-manylinux_2_28_x86_64.whl")),
    ("platform-tag", "musllinux", wheel_upload(filename="hello-1.0-cp311-cp311-musllinux_1_2_aarch64.whl")),
    ("platform-tag", "macOS 10", wheel_upload(filename="hello-1.0-cp311-cp311-macosx_10_9_x86_64.whl")),
    ("platform-tag", "macOS 26", wheel_upload(filename="hello-1.0-cp311-cp311-macosx_26_0_arm64.whl")),
    ("platform-tag", "Windows on ARM", wheel_upload(filename="hello-1.0-cp311-cp311-win_arm64.whl")),
    ("platform-tag", "Raspberry Pi", wheel_upload(filename="hello-1.0-cp311-cp311-linux_armv7l.whl")),
    ("platform-tag", "iOS", wheel_upload(filename="hello-1.0-cp313-cp313-ios_13_0_arm64_iphoneos.whl")),
    ("platform-tag", "Android", wheel_upload(filename="hello-1.0-cp313-cp313-android_21_arm64_v8a.whl")),
    ("file-size", "a small file", wheel_upload()),
    ("long-file-name", "a short name", wheel_upload()),
    ("archive-structure", "no fault", wheel_upload()),
    ("compression-method", "deflated", wheel_upload()),
    ("member-path", "two dots in a name", wheel_upload({"hello/a..b.py": ""})),
    ("sdist-folder", "one folder", sdist_upload()),
    ("wheel-files", "all three", wheel_upload()),
    ("record", "every file", wheel_upload({"hello.py": "x = 1\n"})),
    ("record", "a signature", wheel_upload(texts={"RECORD.jws": "{}"}, record=None)),
    ("entry-points", "a script", wheel_upload(texts={"entry_points.txt": "[console_scripts]\nhello = hello:main\n"})),
    ("entry-points", "a percent sign", wheel_upload(texts={"entry_points.txt": "[other]\na = b:%(c)s\n"})),
    (
        "license-file",
        "in licenses",
        wheel_upload({f"{INFO}/licenses/LICENSE": "MIT"}, metadata="License-File: LICENSE\n"),
    ),
    (
        "license-file",
        "in an sdist",
        sdist_upload(("hello-1.0/PKG-INFO", "hello-1.0/LICENSE"), metadata="License-File: LICENSE\n"),
    ),
    ("wheel-tags", "compressed tags", wheel_upload(filename="hello-1.0-py2.py3-none-any.whl")),
    ("wheel-version", "1.0", wheel_upload()),
    ("lfs-pointer", "a file", wheel_upload({"hello.py": ""})),
    ("one-sdist", "one", sdist_upload()),
]

FAIL: list[tuple[str, str, Upload, str]] = [
    (
        "metadata-version",
        "2.0",
        described(head="Metadata-Version: 2.0\nName: a\nVersion: 1\n"),
        "'2.0' is not a valid metadata version",
    ),
    ("invalid-metadata", "a requirement", described("Requires-Dist: a >= one\n"), "'a >= one' is invalid"),
    ("invalid-metadata", "a name", described(head="Metadata-Version: 2.4\nName: -a\nVersion: 1\n"), "'-a' is invalid"),
    ("invalid-metadata", "a license", described("License-Expression: Public Domain\n"), "Public Domain"),
    ("invalid-metadata", "requires-python", described("Requires-Python: three\n"), "'three' is invalid"),
    ("invalid-metadata", "two names", described("Name: other\n"), "unrecognized or malformed field 'name'"),
    (
        "local-version",
        "a commit",
        described(head="Metadata-Version: 2.4\nName: a\nVersion: 1.0+g123\n"),
        "The use of local versions in '1.0+g123' is not allowed.",
    ),
    ("long-summary", "513 characters", described(f"Summary: {LONG}\n"), "must be 512 characters or less."),
    (
        "unknown-classifier",
        "a misspelt one",
        described("Classifier: Programming Language :: Pythom\n"),
        "'Programming Language :: Pythom' is not a valid classifier.",
    ),
    (
        "unknown-classifier",
        "Private on an old list",
        described("Classifier: Private :: Do Not Upload\n", classifiers=OLD_LIST),
        "'Private :: Do Not Upload' is not a valid classifier.",
    ),
    (
        "deprecated-classifier",
        "with a replacement",
        described("Classifier: Natural Language :: Ukranian\n"),
        "has been deprecated, use one of ['Natural Language :: Ukrainian'] instead.",
    ),
    ("deprecated-classifier", "without", described("Classifier: Topic :: Old\n"), "has been deprecated."),
    (
        "direct-dependency",
        "a URL",
        described("Requires-Dist: a @ https://example.org/a.whl\n"),
        "Can't have direct dependency: a @ https://example.org/a.whl",
    ),
    (
        "direct-dependency",
        "in an extra",
        described("Provides-Extra: x\nRequires-Dist: a @ git+https://example.org/a ; extra == 'x'\n"),
        "Can't have direct dependency",
    ),
    ("direct-dependency", "Provides-Dist", described("Provides-Dist: a @ https://x.org\n"), "Can't have direct"),
    ("direct-dependency", "Obsoletes-Dist", described("Obsoletes-Dist: ???\n"), "'???' is invalid"),
    ("project-url", "no label", described("Project-URL: , https://example.org\n"), "Must have a label"),
    ("project-url", "a long label", described(f"Project-URL: {LABEL}, https://x.org\n"), "must be 32 characters"),
    ("project-url", "no address", described("Project-URL: Home,\n"), "Must have a URL"),
    ("project-url", "ftp", described("Project-URL: Home, ftp://example.org\n"), "is not a valid url"),
    ("project-url", "no scheme", described("Project-URL: Home, example.org/a\n"), "is not a valid url"),
    ("project-url", "a port", described("Project-URL: Home, https://example.org:99999\n"), "is not a valid url"),
    ("home-page", "UNKNOWN", described("Home-page: UNKNOWN\n"), "'UNKNOWN' is not a valid url."),
    ("home-page", "a download address", described("Download-URL: x.tar.gz\n"), "'x.tar.gz' is not a valid url."),
    ("email-address", "no at sign", described("Author-email: A <nobody>\n"), "'nobody' is not a valid email address"),
    ("email-address", "no domain", described("Maintainer-email: a@b..org\n"), "is not a valid email address"),
    ("invalid-metadata", "a typo", described("Description-Content-Type: test/x-rst\n"), "must be one of"),
    ("invalid-metadata", "HTML", described("Description-Content-Type: text/html\n"), "must be one of"),
    (
        "invalid-metadata",
        "latin-1",
        described("Description-Content-Type: text/plain; charset=latin-1\n"),
        "can only specify the UTF-8 charset",
    ),
    ("invalid-metadata", "Name", described("Dynamic: name\n"), "'name' is not allowed as a dynamic field"),
    ("invalid-metadata", "no field", described("Dynamic: nothing\n"), "'nothing' is not a valid dynamic field"),
    (
        "two-licenses",
        "both",
        described("License: MIT\nLicense-Expression: MIT\n"),
        "License is deprecated when License-Expression is present",
    ),
    (
        "old-license",
        "both",
        described("License-Expression: MIT\nClassifier: License :: OSI Approved :: MIT License\n"),
        "superseded by License-Expression",
    ),
    ("no-content-type", "Markdown", described("\n# Hello\n"), "Without it the description is reStructuredText."),
    ("file-type", "an egg", replace(wheel_upload(), filename="hello-1.0-py3.11.egg"), "Invalid file extension"),
    ("file-type", "an installer", replace(wheel_upload(), filename="hello-1.0.win32.exe"), "Invalid file extension"),
    ("file-type", "a zip", replace(sdist_upload(), filename="hello-1.0.zip"), "Invalid file extension"),
    ("file-type", "a line break", replace(wheel_upload(), filename="a\n.whl"), "non-printable characters"),
    (
        "sdist-name",
        "the old way",
        sdist_upload(filename="A.B-1.0.tar.gz", head="Metadata-Version: 2.1\nName: A.B\nVersion: 1.0\n"),
        "Filename 'A.B-1.0.tar.gz' is invalid, should be 'a_b-1.0.tar.gz'.",
    ),
    (
        "sdist-name",
        "a version that is not normalised",
        sdist_upload(filename="hello-1.0rc01.tar.gz", head="Metadata-Version: 2.1\nName: hello\nVersion: 1.0rc1\n"),
        "should be 'hello-1.0rc1.tar.gz'",
    ),
    ("sdist-name", "no version", sdist_upload(filename="hello.tar.gz"), "Invalid source distribution filename"),
    ("wheel-name", "too few parts", wheel_upload(filename="hello-1.0.whl"), "Invalid wheel filename"),
    (
        "wheel-name",
        "another project",
        wheel_upload(filename="other-1.0-py3-none-any.whl"),
        "Start filename for 'hello' with 'hello'.",
    ),
    (
        "wheel-name",
        "a dot",
        wheel_upload(
            filename="he.llo-1.0-py3-none-any.whl", head="Metadata-Version: 2.1\nName: he.llo\nVersion: 1.0\n"
        ),
        "should contain the normalized project name 'he_llo', not 'he.llo'.",
    ),
    (
        "wheel-name",
        "another version",
        wheel_upload(filename="hello-1.1-py3-none-any.whl"),
        "Version in filename should be '1.0' not '1.1'.",
    ),
    (
        "platform-tag",
        "linux_x86_64",
        wheel_upload(filename="hello-1.0-cp311-cp311-linux_x86_64.whl"),
        "has an unsupported platform tag 'linux_x86_64'.",
    ),
    ("platform-tag", "macOS 16", wheel_upload(filename="hello-1.0-cp311-cp311-macosx_16_0_arm64.whl"), "macosx_16_0"),
    ("platform-tag", "macOS 11.1", wheel_upload(filename="hello-1.0-cp311-cp311-macosx_11_1_arm64.whl"), "macosx_11_1"),
    (
        "platform-tag",
        "manylinux1 on ARM",
        wheel_upload(filename="hello-1.0-cp311-cp311-manylinux1_aarch64.whl"),
        "manylinux1_aarch64",
    ),
    ("file-size", "101 MiB", wheel_upload(size=101 * 1024**2), "File too large. Limit is 100 MB."),
    ("long-file-name", "300 characters", wheel_upload(filename=f"{'h' * 300}-1.0-py3-none-any.whl"), "too long"),
    (
        "archive-structure",
        "trailing data",
        wheel_upload(structure=Structure(faults=("Trailing data",))),
        "ZIP archive not accepted: Trailing data.",
    ),
    (
        "compression-method",
        "LZMA",
        wheel_upload(structure=Structure(compressed=("hello.py",))),
        "File does not use a supported compression type",
    ),
    (
        "compression-method",
        "a sparse member",
        sdist_upload(structure=Structure(names=("hello-1.0/PKG-INFO",), sparse=("hello-1.0/a",))),
        "Sparse members are not allowed.",
    ),
    ("member-path", "two dots", wheel_upload(structure=Structure(names=("../evil.py",))), "leads out"),
    ("member-path", "absolute", wheel_upload(structure=Structure(names=("/etc/evil",))), "leads out"),
    ("member-path", "backslashes", wheel_upload(structure=Structure(names=("a\\..\\..\\b",))), "leads out"),
    ("member-path", "twice", wheel_upload(structure=Structure(names=("a.py", "a.py"))), "Duplicate filename"),
    ("member-path", "a link", wheel_upload(structure=Structure(links=("a.py",))), "Symbolic links are not supported"),
    (
        "sdist-folder",
        "two folders",
        sdist_upload(("hello-1.0/PKG-INFO", "other/a")),
        "Incorrect number of top-level directories in sdist",
    ),
    ("sdist-folder", "no PKG-INFO", sdist_upload(("hello-1.0/a",)), "PKG-INFO not found at hello-1.0/PKG-INFO"),
    ("wheel-files", "no WHEEL", wheel_upload(texts={"WHEEL": None}), "WHEEL not found at hello-1.0.dist-info/WHEEL"),
    (
        "wheel-files",
        "no RECORD",
        wheel_upload(texts={"RECORD": None}),
        "does not contain the required RECORD file: hello-1.0.dist-info/RECORD",
    ),
    ("wheel-files", "no METADATA", wheel_upload(texts={"METADATA": None}), "the required METADATA file"),
    ("record", "a file too few", wheel_upload({"hello.py": "x"}, record=f"{INFO}/METADATA,,\n"), "Record is missing"),
    ("record", "a file too many", wheel_upload(record="ghost.py,,\n"), "Wheel is missing ghost.py"),
    (
        "record",
        "another digest",
        wheel_upload({"hello.py": "x"}, record=f"hello.py,sha256={digest_of('y')},1\n"),
        "The digest in RECORD is sha256=",
    ),
    ("record", "another size", wheel_upload({"hello.py": "x"}, record="hello.py,,2\n"), "The size in RECORD is 2"),
    (
        "entry-points",
        "a path as a name",
        wheel_upload(texts={"entry_points.txt": "[console_scripts]\n../../evil = a:b\n"}),
        "invalid entry points",
    ),
    ("entry-points", "no section", wheel_upload(texts={"entry_points.txt": "hello = a:b\n"}), "invalid entry points"),
    (
        "license-file",
        "not there",
        wheel_upload(metadata="License-File: LICENSE\n"),
        "License-File LICENSE does not exist",
    ),
    ("license-file", "not in the sdist", sdist_upload(metadata="License-File: LICENSE\n"), "does not exist"),
    (
        "wheel-tags",
        "another platform",
        wheel_upload(texts={"WHEEL": "Wheel-Version: 1.0\nTag: cp311-cp311-linux_x86_64\n"}),
        "The file name says py3-none-any.",
    ),
    ("no-description", "an empty one", wheel_upload(), "Without it the project page is empty."),
    ("wheel-version", "2.0", wheel_upload(texts={"WHEEL": "Wheel-Version: 2.0\n"}), "Wheel-Version 1.x only"),
    ("lfs-pointer", "a model", wheel_upload(pointers=("hello/model.bin",)), "Git LFS pointer"),
]


@pytest.mark.parametrize(("name", "upload"), [pytest.param(r, u, id=f"{r}: {title}") for r, title, u in PASS])
def test_a_distribution_that_follows_a_rule_passes(name: str, upload: Upload) -> None:
    """What PyPI accepts breaks no rule."""
    assert [item.breach for item in release_violations((upload,)) if item.rule.name == name] == []


@pytest.mark.parametrize(
    ("name", "upload", "phrase"), [pytest.param(r, u, p, id=f"{r}: {title}") for r, title, u, p in FAIL]
)
def test_a_distribution_that_breaks_a_rule_is_reported(name: str, upload: Upload, phrase: str) -> None:
    """The violation has PyPI's own words, and the message names the file and the rule."""
    broken = [item for item in release_violations((upload,)) if item.rule.name == name]
    (found,) = [item for item in broken if phrase in item.breach.phrase]
    ((level, problem),) = findings_of([found])
    assert level == found.level
    assert upload.filename in problem.found
    assert f"[{name}]" in problem.found
    assert problem.remedy


def test_a_second_sdist_is_refused() -> None:
    """A release has one sdist; a wheel does not count."""
    other = sdist_upload(filename="hello-1.0.tar.gz")
    found = release_violations((sdist_upload(), wheel_upload(), other))
    assert [item.rule.name for item in found if item.level == "error"] == ["one-sdist"]


def test_an_unknown_classifier_of_an_old_list_is_a_warning() -> None:
    """A list of more than 90 days may lack a classifier that PyPI has; a private one is refused all the same."""
    (found,) = release_violations((described("Classifier: Framework :: New\n", classifiers=OLD_LIST),))
    assert found.level == "warning"
    (private,) = release_violations((described("Classifier: Private :: Mine\n", classifiers=OLD_LIST),))
    assert private.level == "error"


def test_what_is_not_built_is_checked_for_its_metadata_alone() -> None:
    """Rules about files do not apply to a pyproject.toml."""
    assert release_violations((described(),)) == ()


def test_every_rule_has_a_case_of_each_kind() -> None:
    """No rule is without a distribution that passes and one that fails."""
    names = {each.name for each in RULES}
    assert {name for name, *_ in PASS} == names
    assert {name for name, *_ in FAIL} | {"one-sdist"} == names
    assert len(names) == len(RULES)


def test_the_table_has_a_row_a_rule() -> None:
    """The documentation lists every rule once."""
    rows = rules_table(RULES).splitlines()
    assert len(rows) == len(RULES) + 2
    assert {row.count(" | ") for row in rows[2:]} == {5}
