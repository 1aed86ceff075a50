"""The entry point: the only module that reads the environment and exits.

``tagship ACTION`` runs an action: on a runner with the inputs in the variable ``INPUTS``, locally with flags derived
from the same declarations.
"""

from __future__ import annotations

import errno
import gc
import math
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tagship.actions import NAMES, load
from tagship.contract.conversion import expand, output_texts, parse_object, read_inputs
from tagship.contract.fields import secrets_of
from tagship.core.runner import index_login, withheld, without_credentials
from tagship.core.summary import failure_page, page
from tagship.edges.context import Context, context_of_runner
from tagship.edges.processes import Processes
from tagship.edges.runner import ActionsRunner, Runner, describe, end_cleanly_on_signals, open_streams
from tagship.edges.runtime import Runtime
from tagship.errors import SOURCE, Failure

if TYPE_CHECKING:
    from tagship.contract import Action


def console() -> NoReturn:
    """Run the command line of this process and exit with its status."""
    # The collector would search the imported modules again and again, a seventh of a short run.
    gc.set_threshold(50_000)
    open_streams()
    if os.environ.get("GITHUB_ACTIONS") != "true":
        end_cleanly_on_signals()
    try:
        status = main(sys.argv[1:], os.environ)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        status = _CANCELLED
    except BrokenPipeError:
        # The reader of a pipe, such as head, has ended.
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    # Without the destruction of all modules and objects, a tenth of a short run.
    os._exit(status)


def main(arguments: Sequence[str], environ: MutableMapping[str, str]) -> int:
    """Return the exit status of ``tagship ARGUMENTS``: 0 success, 1 failure, 2 usage error, 130 cancelled."""
    given = environ.pop("INPUTS", None)
    name = arguments[0] if arguments else ""
    if given is not None and name in NAMES:
        return _on_runner(name, given, environ)
    if name in NAMES:
        return _on_terminal(load(name), arguments[1:], environ)
    from tagship.cli import other_command, without_alias

    if name in ("help", "verify"):
        return main(without_alias(arguments), environ)
    return other_command(arguments, environ)


def _on_runner(name: str, given: str, environ: Mapping[str, str]) -> int:
    context = context_of_runner(environ)
    output, summary = environ.get("GITHUB_OUTPUT"), environ.get("GITHUB_STEP_SUMMARY")
    runner = ActionsRunner(
        stream=sys.stdout, output=Path(output or os.devnull), summary=Path(summary) if summary else None
    )
    runtime = _runtime(runner, context, environ, Path(environ.get("GITHUB_WORKSPACE") or Path.cwd()))
    title = name
    try:
        action = load(name)
        title = action.title
        if not output:
            raise Failure.of(
                found="The environment variable GITHUB_OUTPUT is not set, so the outputs would be lost.",
                remedy="Run the action as a workflow step. Locally, use flags: tagship ACTION --help",
                topic="no-output-file",
            )
        with _world_reported(runner):
            runner.finish(output_texts(_run(action, parse_object(given), runtime, environ)))
    except Failure as failure:
        if failure.problems:
            _report(runner, title, failure, _help_page(context))
        if failure.outputs is not None and output:
            try:
                runner.finish(output_texts(failure.outputs))
            except OSError as error:
                runner.annotate("error", title, f"The outputs could not be written: {error}.")
        return 1
    except KeyboardInterrupt:
        runner.log("The run was cancelled. The next run completes unfinished work.")
        return _CANCELLED
    except Exception:
        _trace(runner)
        bug = _BUG.format(repository=context.action_repository)
        runner.annotate("error", title, bug)
        runner.summarise(page("failed", title, bug))
        return 1
    return 0


def _on_terminal(action: Action, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    from tagship.cli import in_flags, parse_flags, print_outputs
    from tagship.edges.context import context_of_clone
    from tagship.edges.git import Repository
    from tagship.edges.project_search import find_project
    from tagship.edges.user_cache import local_outputs

    flags = parse_flags(action, arguments)
    runner = Runner(stream=sys.stderr)
    workspace = find_project(Path.cwd())
    if workspace != Path.cwd():
        runner.log(f"Project folder: {workspace}. Paths are relative to it.")
    processes = Processes(environ=without_credentials(environ))
    try:
        context = context_of_clone(Repository(directory=workspace, processes=processes), environ)
        with _world_reported(runner):
            kept = local_outputs(environ, sys.platform, workspace)
            runtime = replace(_runtime(runner, context, environ, workspace), outputs=kept)
            outputs = _run(action, flags.inputs, runtime, environ)
    except Failure as failure:
        if failure.summary:
            runner.summarise(failure.summary)
        runner.fail(in_flags(action, failure.problems))
        if failure.outputs is not None:
            print_outputs(failure.outputs, sys.stdout, as_json=flags.json)
        return failure.status
    except KeyboardInterrupt:
        runner.log("\nInterrupted.")
        return _CANCELLED
    except BrokenPipeError:
        raise
    except Exception:
        _trace(runner)
        runner.untrusted(f"error: {_BUG.format(repository=SOURCE)}")
        return 1
    print_outputs(outputs, sys.stdout, as_json=flags.json)
    return 0


def _runtime(runner: Runner, context: Context, environ: Mapping[str, str], workspace: Path) -> Runtime:
    return Runtime(
        runner=runner,
        context=context,
        processes=Processes(environ=without_credentials(environ)),
        workspace=workspace,
        temporary=Path(environ.get("RUNNER_TEMP") or tempfile.gettempdir()),
        index_login=index_login(environ),
    )


def _run(action: Action, raw: Mapping[str, str], runtime: Runtime, environ: Mapping[str, str]) -> Any:
    names = runtime.context.expressions()
    inputs: Any = read_inputs(action.inputs, raw, expand=lambda text: expand(text, names))
    secrets = [secret.reveal() for secret in secrets_of(inputs)]
    for secret in secrets:
        runtime.runner.mask(secret)
    held = sorted(withheld(environ, secrets))
    if held and hasattr(inputs, "env"):
        runtime.runner.log(
            f"Withheld from the programs of this step, as credentials: {', '.join(held)}. "
            f"To pass one on, set the input env: {held[0]}=VALUE"
        )
    clean = Processes(environ=without_credentials(environ, secrets))
    return action.run(inputs, replace(runtime, processes=clean, separate=_separate(runtime, clean, environ)))


def _separate(
    runtime: Runtime, processes: Processes, environ: Mapping[str, str]
) -> Callable[[str, Mapping[str, str]], Mapping[str, str]] | None:
    """Return the runner of actions in processes of their own; None on a terminal, whose programs see all anyway."""
    source = Path(__file__).resolve().parents[1]
    if not isinstance(runtime.runner, ActionsRunner) or not (source / "__main__.py").is_file():
        return None

    def run(name: str, inputs: Mapping[str, str]) -> Mapping[str, str]:
        from tagship.edges.separate_actions import SeparateActions

        actions = SeparateActions(
            source=source,
            processes=replace(processes, shown=math.inf),
            variables={key: environ[key] for key in ("GITHUB_STEP_SUMMARY",) if key in environ},
            temporary=runtime.temporary,
            write=lambda line: print(line, flush=True),
        )
        return actions.run(name, inputs)

    return run


@contextmanager
def _world_reported(runner: Runner) -> Iterator[None]:
    """Turn the errors of the system, and of data that no format allows, into a Failure."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        from tagship.core.reachability import no_space, system_error

        place = f" ({error.filename})" if error.filename else ""
        reason = f"{error.strerror or error}{place}"
        if error.errno in _NO_SPACE:
            raise Failure(no_space(reason)) from error
        _trace(runner)
        raise Failure(system_error(reason)) from error
    except (RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, ValueError) and "Exceeds the limit" not in str(error):
            raise
        from tagship.core.reachability import absurd_data

        _trace(runner)
        raise Failure(absurd_data(error)) from error


def _trace(runner: Runner) -> None:
    import traceback

    with runner.group("Traceback"):
        runner.untrusted(traceback.format_exc())


def _help_page(context: Context) -> str:
    """Return the address of the troubleshooting page in the repository and at the ref of the action."""
    return f"{context.server_url}/{context.action_repository}/blob/{context.action_ref}/docs/troubleshooting.md"


def _report(runner: Runner, title: str, failure: Failure, help_page: str) -> None:
    first = failure.problems[0]
    place = (first.file, first.line) if len(failure.problems) == 1 else (None, None)
    runner.annotate("error", title, describe(failure.problems), file=place[0], line=place[1])
    runner.summarise(
        failure_page(title, failure.problems, help_page=help_page, subject=failure.subject, facts=failure.summary)
    )


_NO_SPACE = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}
_CANCELLED = 130
"""The exit status that shells use for SIGINT, the first signal that a runner sends to cancel."""
_BUG = "This is a bug in tagship. Report it with the traceback above at https://github.com/{repository}/issues"
