"""The workflows are valid by schema, linter and our own rules, and their inputs and outputs match."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from support.tools import tool
from tagship.actions import NAMES, load
from tagship.contract.fields import inputs_of, outputs_of
from tagship.core.workflows import pins
from tagship.errors import SOURCE
from tagship.initialise.settings import WorkflowSettings
from tagship.initialise.workflow import caller_workflow
from tools.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
OWN = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
CALLERS = {f"caller {name or 'pypi'}": caller_workflow(facts) for name, facts in EXAMPLES.items()}
TEXTS = OWN | CALLERS
REUSABLE = ("python-build", "python-attest", "python-publish", "github-release", "python-release")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

each = pytest.mark.parametrize("name", TEXTS)
each_own = pytest.mark.parametrize("name", OWN)
each_reusable = pytest.mark.parametrize("name", [f"{name}.yml" for name in REUSABLE])


@cache
def parsed(name: str) -> dict[Any, Any]:
    """Return the parsed workflow; the key ``on`` is True in it (YAML 1.1)."""
    workflow: dict[Any, Any] = yaml.safe_load(TEXTS[name])
    return workflow


def jobs(name: str) -> dict[str, dict[str, Any]]:
    """Return the jobs of a workflow by id."""
    found: dict[str, dict[str, Any]] = parsed(name)["jobs"]
    return found


def steps(name: str) -> Iterator[dict[str, Any]]:
    """Yield every step of every job."""
    for job in jobs(name).values():
        yield from job.get("steps", [])


def ours(uses: str) -> str | None:
    """Return the path in this repository that ``uses`` refers to; None for other repositories."""
    match = re.fullmatch(r"(?:\$|OWNER/tagship)/([^@]+)(?:@v1)?", uses)
    return match[1] if match else None


@cache
def taken_and_given(uses: str) -> tuple[set[str], set[str]]:
    """Return the declared inputs and outputs of an action, a reusable workflow or a stand-in."""
    path = ours(uses)
    if path is None:
        folder = ROOT / "tests/e2e/standins" / uses.partition("@")[0].partition("/")[2]
        manifest = yaml.safe_load((folder / "action.yml").read_text())
        return set(manifest["inputs"]), set(manifest["outputs"])
    if path.startswith(".github/"):
        call = yaml.safe_load((ROOT / path).read_text("utf-8"))[True]["workflow_call"]
        return set(call.get("inputs", {})), set(call.get("outputs", {}))
    action = load(path.removeprefix("actions/"))
    return {item.name for item in inputs_of(action.inputs)}, {item.name for item in outputs_of(action.outputs)}


def expressions(value: Any) -> Iterator[str]:
    """Yield the contents of every expression in ``value``, including an ``if`` without braces."""
    if isinstance(value, dict):
        if isinstance(value.get("if"), str) and "${{" not in value["if"]:
            yield value["if"]
        for item in value.values():
            yield from expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from expressions(item)
    elif isinstance(value, str):
        yield from EXPRESSION.findall(value)


def test_the_vendors_schema_accepts_every_workflow(tmp_path: Path) -> None:
    """GitHub's published schema accepts our workflows and those that init writes."""
    for number, text in enumerate(TEXTS.values()):
        (tmp_path / f"{number}.yml").write_text(text, "utf-8")
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *map(str, tmp_path.iterdir())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n"), done.stdout


def test_the_vendors_schema_accepts_every_substitute() -> None:
    """Every test substitute for an action is a valid action."""
    manifests = map(str, (ROOT / "tests/e2e/standins").glob("*/action.yml"))
    command = [tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", *manifests]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n"), done.stdout


def zizmor(*arguments: str | Path) -> tuple[int, str]:
    """Return the exit status and report of zizmor in its pedantic mode."""
    command = [tool("zizmor"), "--offline", "--persona", "pedantic", "--no-progress", "--color", "never"]
    done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_zizmor_finds_nothing_in_this_repository() -> None:
    """The pedantic audit has no findings in workflows, actions and stand-ins."""
    status, report = zizmor("--no-config", "--strict-collection", ROOT)
    assert status == 0, report
    assert "No findings to report" in report


def test_zizmor_finds_nothing_in_the_workflows_of_init(tmp_path: Path) -> None:
    """Callers pass the same audit, except that they may pin tagship to a tag."""
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    for number, text in enumerate(CALLERS.values()):
        (workflows / f"{number}.yml").write_text(text, "utf-8")
    rules = {"unpinned-uses": {"config": {"policies": {"OWNER/tagship/*": "ref-pin", "*": "hash-pin"}}}}
    (tmp_path / "zizmor.yml").write_text(yaml.safe_dump({"rules": rules}))
    status, report = zizmor("--config", tmp_path / "zizmor.yml", "--strict-collection", tmp_path)
    assert status == 0, report


@each
def test_an_ignored_finding_has_its_reason(name: str) -> None:
    """Every ignored finding of zizmor has a reason on the same line."""
    silent = re.findall(r"zizmor: ignore\[[^\]]*\][ \t]*$", TEXTS[name], re.MULTILINE)
    assert silent == []


@each
def test_third_party_actions_are_pinned_to_a_commit_sha(name: str) -> None:
    """Every ``uses`` of another repository is a full commit SHA with its version in a comment."""
    used = re.findall(r"^\s*(?:- )?uses: (.+)$", TEXTS[name], re.MULTILINE)
    pinned = re.compile(r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [use for use in used if ours(use) is None and not pinned.fullmatch(use)] == []


def test_a_third_party_action_has_one_version_everywhere() -> None:
    """Our workflows pin one version, and those of init another at most until `make pins` has run."""
    own, callers = (
        re.findall(r"([\w.-]+(?:/[\w.-]+)+)@([0-9a-f]{40} # \S+)", "\n".join(texts.values()))
        for texts in (OWN, CALLERS)
    )
    assert [used for used in (own, callers) if sorted(set(used)) != sorted(dict(used).items())] == []
    assert {pins.DOWNLOAD_ARTIFACT, pins.PYPI_PUBLISH} <= {"@".join(item) for item in callers}


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("dependabot", "dependabot.yml"),
        ("github-issue-config", "ISSUE_TEMPLATE/config.yml"),
        ("github-issue-forms", "ISSUE_TEMPLATE/bug.yml"),
        ("github-issue-forms", "ISSUE_TEMPLATE/feature.yml"),
    ],
)
def test_the_vendors_schema_accepts_the_settings_of_this_repository(schema: str, path: str) -> None:
    """GitHub ignores a form or a configuration with an error."""
    command = [tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", str(FOLDER.parent / path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@each_own
def test_our_own_actions_use_the_dollar_form(name: str) -> None:
    """A caller's pin pins the whole repository, so no ``uses`` refers to a mutable ref or the caller's folder."""
    assert [step["uses"] for step in steps(name) if re.match(rf"\./|{SOURCE}", step.get("uses", ""))] == []


@each
def test_permissions_are_granted_per_job_with_a_reason(name: str) -> None:
    """No job inherits a permission, and each granted permission has its purpose in a comment."""
    assert parsed(name)["permissions"] == {}
    assert [job for job, body in jobs(name).items() if "permissions" not in body] == []
    blocks = re.findall(r"^    permissions:\n((?:      .+\n)+)", TEXTS[name], re.MULTILINE)
    granted = [line for block in blocks for line in block.splitlines()]
    granted += re.findall(r"^    permissions: (\{ .+)$", TEXTS[name], re.MULTILINE)
    assert len(granted) == sum(len(body["permissions"]) for body in jobs(name).values())
    pattern = re.compile(r"(\s+[a-z-]+: (read|write)|\{ [a-z-]+: (read|write) \}) # to \w.+")
    assert [line for line in granted if not pattern.fullmatch(line)] == []


@each
def test_a_calling_job_grants_exactly_the_permissions_of_the_workflow(name: str) -> None:
    """GitHub does not start a called workflow that requires more permissions than its caller grants."""
    for job, body in jobs(name).items():
        path = ours(body.get("uses", ""))
        if path is None:
            continue
        asked: dict[str, str] = {}
        for inner in jobs(Path(path).name).values():
            asked |= {key: level for key, level in inner["permissions"].items() if asked.get(key) != "write"}
        assert body["permissions"] == asked, job


@each
def test_a_discussion_requires_its_permission(name: str) -> None:
    """A caller cannot grant more than the called job declares, so such an input would fail after publishing."""
    for job, body in jobs(name).items():
        given = [step["with"] for step in body.get("steps", []) if "with" in step]
        if any("discussion-category" in values for values in given):
            assert body["permissions"].get("discussions") == "write", job


@each
def test_only_publishing_and_signing_jobs_have_an_id_token(name: str) -> None:
    """``id-token: write`` is only for trusted publishing and signing, in jobs that run no project code."""
    for job, body in jobs(name).items():
        if "id-token" in body["permissions"]:
            names = [step.get("uses", "") for step in body.get("steps", [])] or [body.get("uses", "")]
            assert any(re.search("pypi-publish|attest", use) for use in names), job
            assert not any("checkout" in use for use in names), job


@each
def test_no_script_contains_an_expression(name: str) -> None:
    """Inputs reach a shell as values of variables and never as text of the script."""
    assert [step["run"] for step in steps(name) if "${{" in step.get("run", "")] == []


@each
def test_a_checkout_persists_no_credentials(name: str) -> None:
    """Code that runs after a checkout finds no credentials in it."""
    checkouts = [step for step in steps(name) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step for step in checkouts if step["with"].get("persist-credentials") is not False] == []
    if name.removesuffix(".yml") in REUSABLE:
        assert [step for step in checkouts if step["with"].get("fetch-depth") != 0] == []


@each
def test_no_cache_is_restored(name: str) -> None:
    """A cache from another run, for example of a pull request, cannot affect a release."""
    assert "actions/cache" not in TEXTS[name]
    assert [step for step in steps(name) if "cache" in step.get("with", {})] == []


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "ci.yml"])
def test_a_release_is_never_cancelled(name: str) -> None:
    """All runs for the same tag wait for each other, and a running one is completed."""
    workflow = parsed(name)
    found = [workflow.get("concurrency"), *(body.get("concurrency") for body in workflow["jobs"].values())]
    assert [item for item in found if item and item.get("cancel-in-progress")] == []
    assert [item for item in found if item and item["queue"] != "max"] == []


@pytest.mark.parametrize("name", [*CALLERS, "publish.yml"])
def test_a_release_starts_only_on_tags_and_manually(name: str) -> None:
    """A release does not run on pushes to branches, and runs for the same ref wait for each other."""
    workflow = parsed(name)
    assert set(workflow[True]) == {"push", "workflow_dispatch"}
    assert set(workflow[True]["push"]) == {"tags"}
    assert "github.ref" in workflow["concurrency"]["group"]


@each
def test_passed_inputs_and_outputs_exist(name: str) -> None:
    """Every input that is set and every output that is read is declared."""
    for job, body in jobs(name).items():
        for used in [body, *body.get("steps", [])]:
            if "uses" in used:
                taken, _ = taken_and_given(used["uses"])
                assert set(used.get("with", {})) <= taken, f"{job}: {used['uses']}"
        named = {step["id"]: step["uses"] for step in body.get("steps", []) if "id" in step}
        for text in expressions(body):
            for step, output in re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text):
                assert output in taken_and_given(named[step])[1], f"{job}: steps.{step}.outputs.{output}"
            for needed, output in re.findall(r"needs\.([\w-]+)\.outputs\.([\w-]+)", text):
                assert needed in [body["needs"], *body["needs"]], f"{job} reads {needed} but does not need it"
                source = jobs(name)[needed]
                given = taken_and_given(source["uses"])[1] if "uses" in source else set(source["outputs"])
                assert output in given, f"{job}: needs.{needed}.outputs.{output}"


@each_reusable
def test_every_input_is_used_and_every_output_exists(name: str) -> None:
    """A reusable workflow declares exactly the inputs, outputs and secrets that it uses."""
    workflow = parsed(name)
    call = workflow[True]["workflow_call"]
    read = {item for text in expressions(workflow["jobs"]) for item in re.findall(r"\binputs\.([\w-]+)", text)}
    assert read == set(call["inputs"])
    for row in call.get("outputs", {}).values():
        used = re.findall(r"\bjobs\.([\w-]+)\.outputs\.([\w-]+)", row["value"])
        assert used
        for job, output in used:
            source = jobs(name)[job]
            assert output in (taken_and_given(source["uses"])[1] if "uses" in source else source["outputs"])
    secrets = {item for text in expressions(workflow["jobs"]) for item in re.findall(r"secrets\.(\w+)", text)}
    assert secrets == set(call.get("secrets", {}))


@each_reusable
def test_defaults_match_their_types(name: str) -> None:
    """A text default is quoted, because YAML reads 3.10 as the number 3.1."""
    kinds = {"string": str, "boolean": bool, "number": int}
    for key, row in parsed(name)[True]["workflow_call"]["inputs"].items():
        assert row["description"].endswith("."), key
        assert row.get("required") is True or type(row["default"]) is kinds[row["type"]], key


@each_reusable
def test_defaults_are_those_of_the_actions(name: str) -> None:
    """An input that is passed unchanged has the default of the action or none."""
    declared = parsed(name)[True]["workflow_call"]["inputs"]
    for step in steps(name):
        path = ours(step.get("uses", ""))
        own = {item.name: item.default for item in inputs_of(load(Path(path).name).inputs)} if path else {}
        for key, value in step.get("with", {}).items():
            match = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", str(value))
            if path and match:
                default = declared[match[1]].get("default", "")
                text = str(default).lower() if isinstance(default, bool) else default
                assert text in ("", own[key]) or (path, key) in OTHER_DEFAULTS, f"{path}: {key}"


OTHER_DEFAULTS = {
    ("actions/gh-release", "checksums"): "the workflows attach SHA256SUMS",
    ("actions/verify-wheel", "index"): "the job for the published wheel always installs from an index",
}
"""Defaults of the workflows that differ from the actions, and the reasons."""


NOT_PASSED = {
    "preflight": {
        "doctor": "tagship doctor examines a project before it is tagged",
        "token": "the token of the job reads the releases",
    },
    "quality-gate": dict.fromkeys(("needs", "allowed-skips", "allowed-failures"), "the workflow judges no other jobs"),
    "build-dist": {"out-dir": "the artifact has no folders", "repair": "cibuildwheel repairs its wheels"},
    "verify-wheel": {
        **dict.fromkeys(("groups", "working-directory"), "the job has no checkout"),
        "with-wheels": "the artifact has the files of one package",
        **dict.fromkeys(("index", "name", "version", "wait"), "github-release.yml verifies the published wheel"),
    },
}
"""Inputs that python-build.yml does not pass on, and the reasons."""


@pytest.mark.parametrize("action", NOT_PASSED)
def test_the_workflow_passes_every_input_of_the_action(action: str) -> None:
    """A caller of the workflow can set what a caller of the action can."""
    found = [set(step["with"]) for step in steps("python-build.yml") if step.get("uses") == f"$/actions/{action}"]
    declared = {item.name for item in inputs_of(load(action).inputs)}
    assert found
    assert [declared - passed for passed in found] == [set(NOT_PASSED[action])] * len(found)


MESSAGES = {"quality-gate": "gate", "verify-wheel": "verification"}


@pytest.mark.parametrize(("action", "package"), MESSAGES.items(), ids=list(MESSAGES))
def test_a_message_names_the_input_of_the_workflow_too(action: str, package: str) -> None:
    """A remedy that sets an input which the workflow calls otherwise has the line of the workflow as well."""
    passed = [step["with"] for step in steps("python-build.yml") if step.get("uses") == f"$/actions/{action}"]
    renamed = {
        (name, match[1])
        for given in passed
        for name, value in given.items()
        if (match := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", str(value))) and match[1] != name
    }
    source = ROOT / "src" / "tagship"
    files = [source / "actions" / f"{action.replace('-', '_')}.py", *(source / "core" / package).glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))]
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = [
        ast.unparse(node) for node in nodes if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in parts
    ]
    assert renamed
    for name, other in renamed:
        setting = [text for text in texts if re.search(rf"[ `(]{name}: ", text)]
        assert setting
        assert [text for text in setting if f"{other}: " not in text] == []


def test_the_whole_workflow_has_the_inputs_of_its_halves() -> None:
    """python-release.yml repeats the inputs of python-build.yml and github-release.yml word for word."""
    whole = parsed("python-release.yml")[True]["workflow_call"]["inputs"]
    halves = [parsed(f"{name}.yml")[True]["workflow_call"]["inputs"] for name in ("python-build", "github-release")]
    wired = {"plan", "published", "python", "index-url", "environment", "environment-url"}
    build, release = halves[0], {key: row for key, row in halves[1].items() if key not in wired}
    said = whole["index-url"]["description"].replace("Empty: PyPI if pypi is true, else none.", "Empty: PyPI.")
    assert {key: whole[key] for key in build} | {"index-url": whole["index-url"] | {"description": said}} == build
    assert {key: whole[key] for key in release} == release
    own = {"testpypi", "testpypi-environment", "pypi", "repository-url", "repository-user", "publish-runs-on"}
    assert set(whole) - set(build) - set(release) == own | {"environment", "environment-url"}
    for job, half in (("build", build), ("release", release)):
        given = jobs("python-release.yml")[job]["with"]
        wiring = {key: f"${{{{ inputs.{key} }}}}" for key in half} | (OWN_WIRING if half is build else {})
        assert {key: given.get(key) for key in half} == wiring


OWN_WIRING = {"index-url": "${{ inputs.index-url || !inputs.pypi && 'none' || '' }}"}
"""Inputs that python-release.yml changes: only a package for PyPI is looked up there."""


def script(name: str, job: str, step: str) -> str:
    """Return the script of a named step."""
    (run,) = [item["run"] for item in jobs(name)[job]["steps"] if item.get("name") == step]
    text: str = run
    return text


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="Linux runners have sha256sum")
@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param("true", "", id="unchanged"),
        pytest.param("mkdir empty", "", id="an empty folder"),
        pytest.param("echo other > b.whl", "b.whl", id="one changed"),
        pytest.param("rm b.whl", "b.whl", id="one missing"),
        pytest.param("rm *", "a.tar.gz b.whl", id="all missing"),
        pytest.param("echo new > c.whl", "c.whl", id="one added"),
        pytest.param("mv b.whl c.whl", "b.whl c.whl", id="one renamed"),
        pytest.param("echo new > .c.whl", ".c.whl", id="a hidden one added"),
        pytest.param("mkdir x; echo new > x/c.whl", "x/c.whl", id="one added in a folder"),
        pytest.param("ln -s /etc/hostname c.whl", "c.whl", id="a link added"),
    ],
)
def test_only_the_built_files_are_published(tmp_path: Path, change: str, names: str) -> None:
    """The step before publishing fails for any difference, also in folders, and names each file in an annotation."""
    make = "echo a > a.tar.gz; echo b > b.whl; sha256sum *"
    done = subprocess.run(["bash", "-c", make], cwd=tmp_path, capture_output=True, text=True, check=True)
    environ = {**os.environ, "SHA256SUMS": done.stdout.rstrip("\n")}
    subprocess.run(["bash", "-c", change], cwd=tmp_path, check=True)
    found = [item["run"] for name in TEXTS for item in steps(name) if "-exec sha256sum" in item.get("run", "")]
    publications = [item for name in TEXTS for item in steps(name) if "pypi-publish@" in item.get("uses", "")]
    assert len(found) == len(publications)
    (text,) = set(found)
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    said = re.findall(r"^::error title=Files differ from the build::(\S+)$", done.stdout, re.MULTILINE)
    assert (done.returncode, sorted(set(said))) == (bool(names), sorted(names.split())), done.stderr


@pytest.mark.parametrize(
    ("job", "secret"),
    [("publish-testpypi", "TESTPYPI_TOKEN"), ("publish-pypi", "PYPI_TOKEN"), ("publish-index", "INDEX_TOKEN")],
)
@pytest.mark.parametrize(("token", "status"), [pytest.param("yes", 0, id="given"), pytest.param("", 1, id="missing")])
def test_a_missing_token_is_named(job: str, secret: str, token: str, status: int) -> None:
    """The step before publishing with a token names the missing secret."""
    text = script("python-release.yml", job, "Check that there is a token")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    done = subprocess.run(command, env={**os.environ, "HAS_TOKEN": token}, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert (f"Pass the secret {secret} to this workflow" in done.stdout) == bool(status)


@pytest.mark.parametrize(("sums", "status"), [pytest.param("a  b", 0, id="set"), pytest.param("", 1, id="empty")])
def test_files_without_checksums_are_not_released(sums: str, status: int) -> None:
    """GitHub accepts an empty text for a required input, so the step checks it."""
    text = script("github-release.yml", "release", "Check that the plan is set")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    done = subprocess.run(command, env={**os.environ, "SHA256SUMS": sums}, capture_output=True, text=True, check=False)
    assert (done.returncode, "Pass the output plan" in done.stdout) == (status, bool(status))


def test_the_gate_of_ci_needs_every_job() -> None:
    """Branch protection requires only the gate, so the gate waits for every other job."""
    found = jobs("ci.yml")
    gate = found["gate"]
    assert sorted(gate["needs"]) == sorted(set(found) - {"gate"})
    assert gate["if"] == "always()"
    assert gate["steps"][-1]["with"] == {"needs": "${{ toJSON(needs) }}"}


def test_ci_uses_every_action_as_a_caller_does() -> None:
    """CI uses each action by its ``uses:`` on every system."""
    used = {step["uses"] for step in jobs("ci.yml")["actions"]["steps"]}
    assert {f"$/actions/{name}" for name in NAMES if name != "release"} <= used
    systems = {"ubuntu-latest", "macos-latest", "windows-latest"}
    assert set(jobs("ci.yml")["actions"]["strategy"]["matrix"]["os"]) == systems
    assert jobs("ci.yml")["test"]["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": ["3.11", "3.12", "3.13", "3.14"],
    }


@pytest.mark.parametrize("name", [*CALLERS, "publish.yml", "python-release.yml"])
def test_the_release_is_last(name: str) -> None:
    """The GitHub release waits for all publishing jobs."""
    found = jobs(name)
    if "build" not in found:
        return
    after, needed = {"release", "major"}, found["release"]["needs"]
    assert set(found) - after <= ({needed} if isinstance(needed, str) else {*needed})


@each
def test_no_job_follows_a_job_that_exceeded_its_time_limit(name: str) -> None:
    """Such a job is cancelled but the run is not, so jobs with a status function also check for it."""
    careful = "!failure() && !cancelled() && !contains(needs.*.result, 'cancelled')"
    asked = {job: body.get("if", "") for job, body in jobs(name).items() if "needs" in body}
    own = {job: text for job, text in asked.items() if re.search(r"(failure|cancelled|always)\(\)", text)}
    assert [job for job, text in own.items() if careful not in text and (name, job) != ("ci.yml", "gate")] == []


def test_a_build_skips_no_job_for_a_release() -> None:
    """GitHub skips jobs that need a call with a skipped job, unless they have a status function."""
    asked = {job: body["if"] for job, body in jobs("python-build.yml").items() if "if" in body}
    assert asked == {"notes": "needs.preflight.outputs.release == 'true'"}


@pytest.mark.parametrize(
    "name", ["python-attest.yml", "python-publish.yml", "github-release.yml", "python-release.yml"]
)
def test_a_job_can_follow_skipped_jobs(name: str) -> None:
    """Jobs after an optional job check the status themselves."""
    asked = {job: body.get("if", "") for job, body in jobs(name).items() if job != "build"}
    assert [job for job, text in asked.items() if "!failure() && !cancelled()" not in text] == []


def test_every_job_has_a_time_limit() -> None:
    """A job of a reusable workflow has the limit of the input, and every other job has its own."""
    for name in TEXTS:
        for job, body in jobs(name).items():
            if "runs-on" in body:
                limit = "${{ inputs.timeout-minutes }}" if name.removesuffix(".yml") in REUSABLE else 60
                assert body["timeout-minutes"] in (limit, 15), f"{name}: {job}"


@pytest.mark.parametrize("job", ["attest", "publish", "release"])
def test_we_release_ourselves_as_we_tell_others_to(job: str) -> None:
    """The jobs of publish.yml are those that init writes, but for how a repository names its own workflows."""
    written = yaml.safe_load(caller_workflow(WorkflowSettings(package="tagship", attestations=True)))["jobs"][job]
    ours = jobs("publish.yml")[job]
    own = {"uses": re.sub(r"OWNER/tagship/(.+)@v1", r"$/\1", written["uses"])} if "uses" in written else {}
    assert ours == written | own


PATCH, POST = "PATCH repos/OWNER/tagship/git/refs/tags/v1", "POST repos/OWNER/tagship/git/refs"


def move_major_tag(folder: Path, *, tags: str, answers: str) -> tuple[int, str, list[str]]:
    """Run the step with a stand-in for gh that prints ``tags``; return status, output and the writing calls.

    ``answers`` are the methods that the stand-in does not refuse.
    """
    gh, calls = folder / "gh", folder / "calls"
    gh.write_text(
        f'#!/bin/sh\ncase "$2" in --paginate) printf "{tags}"; exit;; esac\n'
        f'echo "$3 $4" >> {calls}\ncase " {answers} " in *" $3 "*) ;; *) exit 1;; esac\n'
    )
    gh.chmod(0o755)
    calls.touch()
    text = script("publish.yml", "major", "Point the tag at the released commit")
    given = {"GITHUB_REPOSITORY": "OWNER/tagship", "VERSION": "1.4.2", "COMMIT": "0" * 40}
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **given}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, calls.read_text().splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="the job runs on Linux")
@pytest.mark.parametrize(
    ("tags", "answers", "calls"),
    [
        pytest.param(r"v1.4.1\nv1.4.2\n", "PATCH", [PATCH], id="an existing tag is moved"),
        pytest.param(r"v1.4.2\n", "POST", [PATCH, POST], id="a missing tag is created"),
        pytest.param(r"v1.4.2\nv1.10.0\n", "PATCH", [], id="a maintenance release does not move it back"),
        pytest.param(r"v1.4.2\nv1.5.0-rc1\n", "PATCH", [PATCH], id="a pre-release is not higher"),
    ],
)
def test_the_major_tag_is_the_highest_final_version(tmp_path: Path, tags: str, answers: str, calls: list[str]) -> None:
    """The tag of a major version moves to its highest final version; other majors do not count."""
    status, _, made = move_major_tag(tmp_path, tags=tags, answers=answers)
    assert (status, made) == (0, calls)


@pytest.mark.skipif(sys.platform == "win32", reason="the job runs on Linux")
def test_a_refused_move_of_the_major_tag_prints_the_command(tmp_path: Path) -> None:
    """GITHUB_TOKEN cannot move a tag to workflow files that differ from main, so the step prints a command."""
    status, text, _ = move_major_tag(tmp_path, tags=r"v1.4.2\n", answers="")
    assert (status, text.count("::error")) == (1, 1)
    assert f"git push --force origin {'0' * 40}:refs/tags/v1" in text


def test_the_documented_major_is_that_of_the_package() -> None:
    """Every reference to a mutable ref of tagship in docs and workflows has the major of pyproject.toml."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    text = "\n".join([*(page.read_text("utf-8") for page in pages), *TEXTS.values()])
    assert set(re.findall(r"OWNER/tagship[\w./-]*@(v\d+)\b(?!\.)", text)) == {f"v{version.partition('.')[0]}"}


def test_publishing_waits_for_every_check() -> None:
    """A failure of any build job fails the whole workflow."""
    build = jobs("python-build.yml")
    assert [job for job, body in build.items() if "continue-on-error" in body] == []
    assert set(build) == {"preflight", "quality-gate", "build", "wheels", "collect", "notes"}
    assert build["quality-gate"]["strategy"]["fail-fast"] is False
    assert build["build"]["needs"] == ["preflight", "quality-gate"]
