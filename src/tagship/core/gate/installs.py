"""What the checks of a project need installed, told from its declaration."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from tagship.errors import Failure, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagship.core.project.declaration import Declaration

REQUIREMENT_FILES = (
    "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "requirements/dev.txt",
    "requirements-test.txt", "test-requirements.txt", "requirements/test.txt",
)  # fmt: skip
"""The files in which projects without extras and groups list what their checks need; the first one counts."""
_DEVELOPMENT = ("dev", "develop", "development")
_TESTING = ("test", "tests", "testing")


def wanted_installs(
    declaration: Declaration | None, present: Collection[str], *, extras: Sequence[str], groups: Sequence[str]
) -> list[str]:
    """Return the package, editable, with the extras and groups asked for, as arguments of ``pip install``.

    Where none are asked for, those meant for development: the extra and the group called ``dev``, else those called
    ``test``, else the requirements file among ``present`` (names of files that are there).
    """
    requirements: list[str] = []
    if not extras and not groups:
        extras, groups = _known(declaration, _DEVELOPMENT)
        if not extras and not groups:
            extras, groups = _known(declaration, _TESTING)
        if not extras and not groups:
            requirements = [name for name in REQUIREMENT_FILES if name in present][:1]
    arguments: list[str] = []
    if declaration and declaration.is_package:
        arguments += ["--editable", f".[{','.join(extras)}]" if extras else "."]
    for group in groups:
        arguments += ["--group", group]
    for name in requirements:
        arguments += ["--requirements", name]
    return arguments


def split_arguments(lines: Sequence[str]) -> list[str]:
    """Return the arguments of ``pip install`` that ``lines`` spell.

    Raises Failure naming every line in which a quote is left open.
    """
    arguments: list[str] = []
    problems: list[Problem] = []
    for line in lines:
        try:
            arguments += shlex.split(line)
        except ValueError:
            problems.append(
                Problem(
                    found=f"The line {line!r} of the input install leaves a quote open.",
                    remedy="Write arguments of pip install, as in a shell: -e '.[test]' pytest",
                    topic="wrong-inputs",
                )
            )
    if problems:
        raise Failure(*problems)
    return arguments


def refuse_missing_extras(output: str) -> None:
    """Raise Failure where uv wrote in its ``output`` that a package of the checkout lacks an extra, and passed over it.

    What other packages ask of each other in vain is nothing the project could mend.
    """
    missing = dict.fromkeys(re.findall(r" @ file:[^`\n]*` does not have an extra named `(.+?)`", output))
    if missing:
        raise Failure(
            Problem(
                found=f"There is no extra {', '.join(missing)}, so less was installed than was asked for.",
                remedy="Correct the name, or declare it in [project.optional-dependencies]; a dependency group is "
                "named in the input groups.",
                topic="no-extra",
            )
        )


def _known(declaration: Declaration | None, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if declaration is None:
        return (), ()
    return (
        tuple(name for name in declaration.extras if name.lower() in names),
        tuple(name for name in declaration.groups if name.lower() in names),
    )
