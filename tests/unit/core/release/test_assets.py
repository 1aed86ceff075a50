"""The names that GitHub gives."""

from __future__ import annotations

import pytest

from tagship.core.release.assets import asset_name, may_be_called


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("hello-1.2.0-py3-none-any.whl", "hello-1.2.0-py3-none-any.whl"),
        ("hello-1.2.0+cu118.whl", "hello-1.2.0+cu118.whl"),
        ("user@host_1.txt", "user@host_1.txt"),
        ("my file.txt", "my.file.txt"),
        ("my  file (1).txt", "my.file.1.txt"),
        ("hello_1.0~rc1_all.deb", "hello_1.0.rc1_all.deb"),
        ("a..b", "a.b"),
        (".hidden", "default.hidden"),
        ("résumé.pdf", "resume.pdf"),
        ("日本.zip", "default.zip"),
        ("日本", "default"),
    ],
)
def test_special_characters_become_dots(name: str, given: str) -> None:
    """The name to look for is the one GitHub gives; asking again for it changes nothing."""
    assert asset_name(name) == given
    assert asset_name(given) == given


@pytest.mark.parametrize(
    ("name", "given", "may"),
    [
        ("my file.txt", "my-file.txt", True),
        ("日本.zip", "default.zip", True),
        ("my file.txt", "your.file.txt", False),
        ("plain.txt", "plain-txt", False),
    ],
)
def test_a_name_may_come_out_otherwise(name: str, given: str, *, may: bool) -> None:
    """Letters and digits stay; names without special characters are what they are."""
    assert may_be_called(name, given) is may
