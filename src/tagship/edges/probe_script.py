"""Script that runs inside the environment under test, with the interpreter of that environment.

``python -I probe_script.py RESULT JOB ARGUMENT...`` appends one line of JSON for each fact to the file RESULT, so that
facts from before a crash are kept. It uses only the standard library and the syntax of Python 3.8.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable, Dict, Iterator, List, Optional  # noqa: UP035

Fact = Dict[str, Any]  # noqa: UP006


def describe(arguments: List[str]) -> Iterator[Fact]:  # noqa: ARG001, UP006
    """Yield one fact: the version of the interpreter and its site-packages folders."""
    import platform
    import sysconfig

    yield {
        "version": platform.python_version(),
        "purelib": os.path.realpath(sysconfig.get_path("purelib")),
        "platlib": os.path.realpath(sysconfig.get_path("platlib")),
    }


def tags(arguments: List[str]) -> Iterator[Fact]:  # noqa: UP006
    """Yield a fact for each supported wheel tag, best first, with ``packaging`` from the folder in ``arguments``."""
    sys.path.insert(0, arguments[0])
    from packaging.tags import sys_tags

    for tag in sys_tags():
        yield {"tag": str(tag)}


def imports(arguments: List[str]) -> Iterator[Fact]:  # noqa: UP006
    """Yield two facts for each module: the start of its import, and the result."""
    for name in arguments:
        yield {"name": name}
        yield _result_of(name, _import)


def objects(arguments: List[str]) -> Iterator[Fact]:  # noqa: UP006
    """Yield two facts for each ``module:attribute``: the start of its loading, and the result."""
    for target in arguments:
        yield {"name": target}
        yield _result_of(target, _load)


def _load(target: str) -> List[str]:  # noqa: UP006
    module, _, attributes = target.partition(":")
    found = importlib.import_module(module)
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute)
    if not callable(found):
        raise TypeError("%s is not callable: its type is %s" % (target, type(found).__name__))  # noqa: UP031
    return []


def _import(name: str) -> List[str]:  # noqa: UP006
    """Return the origins of the module and its loaded submodules: files, or folders of namespace packages."""
    module = importlib.import_module(name)
    below = [item for key, item in list(sys.modules.items()) if key.startswith(name + ".")]
    places = [os.path.realpath(place) for item in [module, *below] for place in _places(item)]
    return sorted(set(places)) or ["built-in"]


def _places(module: object) -> List[str]:  # noqa: UP006
    """Return the file of the module, or its folders."""
    # vars() instead of attributes: a lazy module would import more on attribute access.
    facts = vars(module) if isinstance(module, ModuleType) else {"__file__": getattr(module, "__file__", None)}
    found = [facts.get("__file__")]
    found = found if found[0] else list(facts.get("__path__") or [])
    return [place for place in found if isinstance(place, str)]


def _result_of(name: str, work: Callable[[str], List[str]]) -> Fact:  # noqa: UP006
    try:
        return {"name": name, "places": work(name)}
    except BaseException as error:
        return {
            "name": name,
            "places": [],
            "kind": type(error).__name__,
            "message": str(error),
            "missing": _missing(error),
            "file": str(error.filename) if isinstance(error, FileNotFoundError) and error.filename else None,
            "traceback": traceback.format_exc(),
        }


def _missing(error: Optional[BaseException]) -> Optional[str]:  # noqa: UP045
    """Return the module that was not found; an ImportError with a hint may have replaced the ModuleNotFoundError."""
    while isinstance(error, ImportError):
        if isinstance(error, ModuleNotFoundError):
            return error.name
        error = error.__cause__ or error.__context__
    return None


def main(result: str, job: str, arguments: List[str]) -> None:  # noqa: UP006
    """Run the job and write each fact immediately."""
    jobs = {"describe": describe, "tags": tags, "imports": imports, "objects": objects}
    with open(result, "a", encoding="utf-8") as file:  # noqa: PTH123
        for fact in jobs[job](arguments):
            file.write(json.dumps(fact) + "\n")
            file.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
