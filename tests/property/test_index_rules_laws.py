"""Laws of the rules of the index."""

from __future__ import annotations

from email.utils import parseaddr

from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st
from packaging.metadata import Metadata, parse_email
from rfc3986 import uri_reference
from rfc3986.validators import Validator

from support.uploads import described
from tagship.core.index_rules.metadata import PLAIN_ADDRESS, PLAIN_EMAIL
from tagship.core.index_rules.release import release_violations
from tagship.core.index_rules.rule import line_of

VALUES = {
    "Metadata-Version": ["1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "3.0"],
    "Name": ["hello", "-hello", "he llo", "é"],
    "Version": ["1.0", "one", "1.0+local", "1.0-"],
    "Summary": ["Says hello", "two\n        lines"],
    "Description-Content-Type": ["text/markdown", "text/html", "text/plain; charset=ascii", "text/markdown; variant=X"],
    "Keywords": ["a,b"],
    "Author-email": ["a@example.org", "no address"],
    "Classifier": ["Programming Language :: Python :: 3", "Nothing :: Known"],
    "Requires-Dist": ["a", "a >= one", "a @ https://example.org", "a; python_version < '3'", "a; nothing == '3'"],
    "Requires-Python": [">=3.11", "three"],
    "Provides-Extra": ["fast", "-fast"],
    "Project-URL": ["Home, https://example.org", "Home"],
    "License-Expression": ["MIT", "Public Domain", "MIT AND"],
    "License-File": ["LICENSE", "../LICENSE", "/LICENSE", "LIC*"],
    "Dynamic": ["version", "requires-dist", "nothing"],
    "Import-Name": ["hello", "not a name"],
    "Unknown-Field": ["x"],
}
FIELDS = st.lists(
    st.sampled_from([f"{name}: {value}" for name, values in VALUES.items() for value in values]), max_size=6
)


def is_refused_by_packaging(text: str) -> bool:
    """Return True if ``packaging.metadata`` refuses the metadata in ``text``."""
    try:
        Metadata.from_email(text)
    except ExceptionGroup:
        return True
    return False


@given(FIELDS, st.sampled_from(["2.1", "2.4", "2.5"]))
def test_metadata_that_packaging_refuses_is_refused(fields: list[str], version: str) -> None:
    """PyPI validates an upload with the same library, so no such file passes."""
    head = f"Metadata-Version: {version}\nName: hello\nVersion: 1.0\n"
    text = head + "".join(f"{field}\n" for field in fields)
    levels = {item.level for item in release_violations([described(text, head="")], index="none")}

    assert not is_refused_by_packaging(text) or "error" in levels


@given(st.from_regex(PLAIN_ADDRESS, fullmatch=True))
def test_a_plain_web_address_is_one_by_rfc_3986(text: str) -> None:
    """The shortcut accepts nothing that the full check refuses."""
    validator = Validator().allow_schemes("http", "https").require_presence_of("scheme")
    validator.check_validity_of("scheme", "host", "port", "path", "query")
    validator.validate(uri_reference(text).normalize())


@given(st.from_regex(PLAIN_EMAIL, fullmatch=True))
def test_a_plain_email_address_is_valid(text: str) -> None:
    """The shortcut accepts nothing that the full check refuses."""
    assert parseaddr(text)[1] == text
    validate_email(text, check_deliverability=False)


@given(st.sampled_from(["Classifier", "Summary", "Project-URL", "Other"]), st.text(max_size=30), st.text(max_size=80))
def test_a_line_is_always_one_of_the_file(field: str, value: str, text: str) -> None:
    """The number is that of an existing line, for any text and value."""
    line = line_of(field, value, text)

    assert line is None or 1 <= line <= len(text.splitlines())


def test_the_fields_of_an_upload_are_those_of_its_text() -> None:
    """The table of values has fields that are refused and fields that are accepted."""
    head = "Metadata-Version: 2.5\nName: hello\nVersion: 1.0\n"
    texts = [f"{head}{name}: {value}\n" for name, values in VALUES.items() for value in values]

    assert {is_refused_by_packaging(text) for text in texts} == {True, False}
    assert all(parse_email(text)[0] for text in texts)
