"""Rules about the metadata of a distribution, which a static pyproject.toml shows before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr

from packaging.metadata import InvalidMetadata, Metadata
from packaging.requirements import Requirement

from tagship.core.index_rules.rule import Breach, Upload, rules_about, rules_of
from tagship.core.versions import parse_version

_UPLOAD_METADATA = "https://github.com/pypi/warehouse/blob/main/warehouse/forklift/metadata.py"
_MARKDOWN = re.compile(r"^(#{1,6} \S|```)|\]\(https?://", re.MULTILINE)
_CORE_METADATA = "https://packaging.python.org/en/latest/specifications/core-metadata/"
_rule = rules_about("metadata")
METADATA_VERSIONS = ("1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5")
SUMMARY_LIMIT = 512
LABEL_LIMIT = 32
STALE_DAYS = 90
"""Age in days from which a list of classifiers may lack a new one."""
_REMEDIES = {
    "description-content-type": 'Write `readme = {file = "README.md", content-type = "text/markdown"}` in '
    "pyproject.toml, with one of text/plain, text/x-rst, text/markdown.",
    "dynamic": "Remove the name from `dynamic` in pyproject.toml, or build with a current build backend.",
}
_OWN_RULES = frozenset({"metadata-version", "classifier"})
"""Fields that a rule of this module checks on its own, which packaging.metadata checks as well."""
PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.~+-]+)*/?(?:#[\w-]+)?", re.ASCII | re.IGNORECASE
)
"""A web address that needs no further check."""
PLAIN_EMAIL = re.compile(
    r"[a-z0-9]{1,20}(?:[._+-][a-z0-9]{1,20}){0,2}@(?:[a-z0-9]{1,20}\.){1,3}(?:[a-z]{2}|com|org|net|dev|edu)",
    re.IGNORECASE,
)
"""An e-mail address that needs no further check."""


@_rule(
    summary=f"A Metadata-Version other than {', '.join(METADATA_VERSIONS)}.",
    source=_UPLOAD_METADATA,
    remedy="Build with a current build backend: raise its lower bound in [build-system] requires.",
)
def _metadata_version(upload: Upload) -> Iterator[Breach]:
    version = upload.metadata.get("metadata_version")
    if version is not None and version not in METADATA_VERSIONS:
        yield Breach(place="Metadata-Version", value=version, phrase=f"{version!r} is not a valid metadata version.")


@_rule(
    summary="A field that does not follow the core metadata specification: a name, version, requirement, license "
    "expression, content type or other value that packaging.metadata refuses.",
    source=_CORE_METADATA,
    remedy="Correct the field in pyproject.toml, or in setup.cfg or setup.py if it is declared there.",
)
def _invalid_metadata(upload: Upload) -> Iterator[Breach]:
    for name, values in sorted(upload.unparsed.items()):
        value = "; ".join(str(value) for value in values)
        yield Breach(place=_title(name), value=value, phrase=f"unrecognized or malformed field {name!r}")
    try:
        Metadata.from_raw(upload.metadata, validate=True)
    except ExceptionGroup as group:
        for error in group.exceptions:
            if isinstance(error, InvalidMetadata) and error.field not in _OWN_RULES:
                remedy = _REMEDIES.get(error.field, "")
                yield Breach(place=_title(error.field), value="", phrase=str(error), remedy=remedy)


@_rule(
    is_pypi_only=True,
    summary="A local version such as `1.2.0+g1234abc`.",
    source="https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers",
    remedy='Tag the commit and build with the full history. With setuptools-scm: local_scheme = "no-local-version".',
)
def _local_version(upload: Upload) -> Iterator[Breach]:
    version = parse_version(upload.metadata.get("version", ""))
    if version is not None and version.local:
        phrase = f"The use of local versions in '{version}' is not allowed."
        yield Breach(place="Version", value=str(version), phrase=phrase)


@_rule(
    is_pypi_only=True,
    summary=f"A summary of more than {SUMMARY_LIMIT} characters.",
    source=_UPLOAD_METADATA,
    remedy="Shorten `description` in the [project] table of pyproject.toml.",
)
def _long_summary(upload: Upload) -> Iterator[Breach]:
    summary = upload.metadata.get("summary", "")
    if len(summary) > SUMMARY_LIMIT:
        phrase = f"'summary' field must be {SUMMARY_LIMIT} characters or less."
        yield Breach(place="Summary", value=summary, phrase=phrase)


@_rule(
    is_pypi_only=True,
    summary="A classifier that is not on https://pypi.org/classifiers/. `Private :: Do Not Upload` is refused on "
    f"purpose. A warning if the known list is more than {STALE_DAYS} days old.",
    source="https://pypi.org/classifiers/",
    remedy="Copy the classifier from https://pypi.org/classifiers/ into `classifiers` of pyproject.toml, or remove it.",
)
def _unknown_classifier(upload: Upload) -> Iterator[Breach]:
    listed = upload.classifiers
    if listed is None:
        return
    stale = upload.today is not None and (upload.today - listed.day).days > STALE_DAYS
    for classifier in dict.fromkeys(upload.metadata.get("classifiers", [])):
        if classifier in listed.known or classifier in listed.deprecated:
            continue
        private = classifier.startswith("Private ::")
        yield Breach(
            place="Classifier",
            value=classifier,
            phrase=f"{classifier!r} is not a valid classifier.",
            remedy="Remove it from `classifiers` in pyproject.toml to publish on PyPI. For another index, set "
            "`index-rules: none`"
            if private
            else "",
            level="warning" if stale and not private else None,
        )


@_rule(
    is_pypi_only=True,
    summary="A classifier that PyPI has deprecated.",
    source="https://pypi.org/classifiers/",
    remedy="Remove the classifier from `classifiers` in pyproject.toml.",
)
def _deprecated_classifier(upload: Upload) -> Iterator[Breach]:
    listed = upload.classifiers
    for classifier in dict.fromkeys(upload.metadata.get("classifiers", [])):
        if listed is None or classifier not in listed.deprecated:
            continue
        others = list(listed.deprecated[classifier])
        ending = f", use one of {others} instead." if others else "."
        yield Breach(
            place="Classifier",
            value=classifier,
            phrase=f"The classifier {classifier!r} has been deprecated{ending}",
            remedy=f"Replace it in `classifiers` of pyproject.toml by {others[0]!r}." if others else "",
        )


@_rule(
    is_pypi_only=True,
    summary="A requirement with a direct URL (`name @ https://...`, `name @ git+https://...`) in dependencies, an "
    "extra, Provides-Dist or Obsoletes-Dist.",
    source=_UPLOAD_METADATA,
    remedy="Replace the URL by a version specifier in `dependencies` or [project.optional-dependencies], or move the "
    "requirement into [dependency-groups], which is not published.",
)
def _direct_dependency(upload: Upload) -> Iterator[Breach]:
    lists = (
        ("Requires-Dist", upload.metadata.get("requires_dist", [])),
        ("Provides-Dist", upload.metadata.get("provides_dist", [])),
        ("Obsoletes-Dist", upload.metadata.get("obsoletes_dist", [])),
    )
    for place, texts in lists:
        for text in texts:
            try:
                requirement = Requirement(text)
            except ValueError as error:
                if place != "Requires-Dist":
                    yield Breach(place=place, value=text, phrase=f"{text!r} is invalid: {error}")
                continue
            if requirement.url is not None:
                yield Breach(place=place, value=text, phrase=f"Can't have direct dependency: {requirement}")


@_rule(
    is_pypi_only=True,
    summary=f"A project URL without a label or with one of more than {LABEL_LIMIT} characters, without an address, or "
    "with an address that is not http or https.",
    source=_UPLOAD_METADATA,
    remedy="Correct the entry in [project.urls] of pyproject.toml: a label of at most 32 characters and an "
    "https:// address.",
)
def _project_url(upload: Upload) -> Iterator[Breach]:
    for label, address in upload.metadata.get("project_urls", {}).items():
        value = f"{label}, {address}"
        if not label:
            yield Breach(place="Project-URL", value=value, phrase="Must have a label")
        elif len(label) > LABEL_LIMIT:
            yield Breach(
                place="Project-URL", value=value, phrase=f"{label!r} must be {LABEL_LIMIT} characters or less."
            )
        elif not address:
            yield Breach(place="Project-URL", value=value, phrase="Must have a URL")
        elif not is_web_address(address):
            yield Breach(place="Project-URL", value=value, phrase=f"{address!r} is not a valid url")


@_rule(
    is_pypi_only=True,
    summary="A Home-page or Download-URL that is not an http or https address.",
    source=_UPLOAD_METADATA,
    remedy="Write an https:// address as `url` or `download_url` of setup.py or setup.cfg, or use [project.urls].",
)
def _home_page(upload: Upload) -> Iterator[Breach]:
    fields = (("Home-page", upload.metadata.get("home_page")), ("Download-URL", upload.metadata.get("download_url")))
    for place, address in fields:
        if address is not None and not is_web_address(address):
            yield Breach(place=place, value=address, phrase=f"{address!r} is not a valid url.")


@_rule(
    is_pypi_only=True,
    summary="An author or maintainer address that is not an e-mail address.",
    source=_UPLOAD_METADATA,
    remedy="Correct `email` in `authors` or `maintainers` of pyproject.toml, or remove it.",
)
def _email_address(upload: Upload) -> Iterator[Breach]:
    fields = (
        ("Author-email", upload.metadata.get("author_email")),
        ("Maintainer-email", upload.metadata.get("maintainer_email")),
    )
    for place, text in fields:
        _, address = parseaddr(text or "")
        if not address or PLAIN_EMAIL.fullmatch(address):
            continue
        # Importing it is slow, and almost all addresses are plain.
        from email_validator import EmailNotValidError, validate_email

        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError as error:
            phrase = f"{address!r} is not a valid email address: {error}"
            yield Breach(place=place, value=text or "", phrase=phrase)


@_rule(
    is_pypi_only=True,
    summary="License and License-Expression together.",
    source="https://peps.python.org/pep-0639/#deprecate-license-field",
    remedy='Keep `license = "MIT"` (an SPDX expression) in pyproject.toml and remove the license of setup.py or '
    "setup.cfg.",
)
def _two_licenses(upload: Upload) -> Iterator[Breach]:
    if upload.metadata.get("license") and upload.metadata.get("license_expression"):
        yield Breach(
            place="License",
            value=upload.metadata["license"],
            phrase="License is deprecated when License-Expression is present. Only License-Expression should be "
            "present.",
        )


@_rule(
    is_pypi_only=True,
    level="warning",
    summary="License classifiers next to a License-Expression, which PEP 639 lets an index refuse.",
    source="https://peps.python.org/pep-0639/#deprecate-license-classifiers",
    remedy="Remove the `License ::` classifiers from pyproject.toml; `license` says the same.",
)
def _old_license(upload: Upload) -> Iterator[Breach]:
    if upload.metadata.get("license_expression"):
        for classifier in upload.metadata.get("classifiers", []):
            if classifier.startswith("License ::"):
                phrase = "License classifiers have been superseded by License-Expression (PEP 639)."
                yield Breach(place="Classifier", value=classifier, phrase=phrase)


@_rule(
    level="warning",
    summary="A Markdown description without Description-Content-Type: PyPI renders it as reStructuredText.",
    source=_CORE_METADATA + "#description-content-type",
    remedy='Write `readme = "README.md"` in pyproject.toml, or long_description_content_type="text/markdown" in '
    "setup.py.",
)
def _no_content_type(upload: Upload) -> Iterator[Breach]:
    description = upload.metadata.get("description", "")
    if not upload.metadata.get("description_content_type") and _MARKDOWN.search(description):
        yield Breach(
            place="Description-Content-Type", value="", phrase="Without it the description is reStructuredText."
        )


@_rule(
    level="warning",
    summary="A wheel or sdist without a description: its project page is empty.",
    source=_CORE_METADATA + "#description",
    remedy='Add to [project] in pyproject.toml: readme = "README.md"',
)
def _no_description(upload: Upload) -> Iterator[Breach]:
    if upload.archive is not None and not upload.metadata.get("description", "").strip():
        yield Breach(place="Description", value="", phrase="Without it the project page is empty.")


def is_web_address(text: str) -> bool:
    """Return True if ``text`` is a URI with the scheme http or https, as PyPI checks it (RFC 3986)."""
    if PLAIN_ADDRESS.fullmatch(text):
        return True
    # Importing it is slow, and almost all addresses are plain.
    from rfc3986 import uri_reference
    from rfc3986.exceptions import ValidationError
    from rfc3986.validators import Validator

    validator = Validator().allow_schemes("http", "https").require_presence_of("scheme")
    validator.check_validity_of("scheme", "host", "port", "path", "query")
    try:
        validator.validate(uri_reference(text).normalize())
    except (ValidationError, ValueError):
        return False
    return True


def _title(field: str) -> str:
    return "-".join(word.upper() if word == "url" else word.capitalize() for word in re.split("[-_]", field))


METADATA_RULES = rules_of(globals())
