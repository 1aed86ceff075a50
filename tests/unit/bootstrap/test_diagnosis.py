from __future__ import annotations

import pytest

from bootstrap.install import Outcome, diagnosis

PIP_NETWORK = (
    "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('<pip._vendor."
    "urllib3.connection.HTTPConnection object>: Failed to establish a new connection: [Errno 111] Connection refused')'"
    "\nERROR: Could not find a version that satisfies the requirement mdurl==0.1.2 (from versions: none)"
    "\nERROR: No matching distribution found for mdurl==0.1.2"
)
PIP_HASH = (
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package ver"
    "sions, please update the hashes.\n    mdurl==0.1.2 from https://files.example/mdurl-0.1.2-py3-none-any.whl (from"
    " -r lock.txt (line 1)):\n        Expected sha256 00\n             Got        11"
)
PIP_NO_WHEEL = (
    "ERROR: Could not find a version that satisfies the requirement mdurl==0.1.2 (from versions: none)\n"
    "ERROR: No matching distribution found for mdurl==0.1.2"
)
UV_NETWORK = (
    "error: Request failed after 3 retries in 6.3s\n  cause: Failed to fetch: https://mirror.example/simple/mdurl/\n"
    "  cause: error sending request for url (https://mirror.example/simple/mdurl/)\n  cause: dns error"
)
UV_HASH = "error: Failed to download `mdurl==0.1.2`\n  cause: Hash mismatch for `mdurl==0.1.2`\n\n         Expected:"
UV_NO_WHEEL = (
    "error: No solution found when resolving dependencies\n  cause: Because mdurl==0.1.2 has no usable wheels and you"
    " require mdurl==0.1.2, we can conclude that your requirements are unsatisfiable."
)
UV_NO_VERSION = (
    "  cause: Because there is no version of mdurl==0.1.2 and you require mdurl==0.1.2, we can conclude that"
)
NO_PIP = "/usr/bin/python3: No module named pip"


@pytest.mark.parametrize(
    ("outputs", "topic", "said"),
    [
        pytest.param([("pip", PIP_NETWORK)], "dependency-network", "the changelog dependencies", id="pip offline"),
        pytest.param([("uv", UV_NETWORK)], "dependency-network", "the changelog dependencies", id="uv offline"),
        pytest.param([("pip", PIP_HASH)], "dependency-hash-mismatch", "mdurl==0.1.2 on the index", id="pip, changed"),
        pytest.param([("uv", UV_HASH)], "dependency-hash-mismatch", "mdurl==0.1.2 on the index", id="uv, changed"),
        pytest.param([("pip", PIP_NO_WHEEL)], "dependency-without-wheel", "wheel of mdurl==0.1.2", id="pip, no wheel"),
        pytest.param([("uv", UV_NO_WHEEL)], "dependency-without-wheel", "wheel of mdurl==0.1.2", id="uv, no wheel"),
        pytest.param([("uv", UV_NO_VERSION)], "dependency-without-wheel", "wheel of mdurl==0.1.2", id="uv, no version"),
        pytest.param(
            [("uv", "error: unexpected argument '--color'"), ("pip", PIP_HASH)],
            "dependency-hash-mismatch", "mdurl==0.1.2", id="the cause comes from whichever way knows it",
        ),
        pytest.param([("pip", NO_PIP), ("venv", "no ensurepip")], "no-installer", "neither uv", id="no pip"),
        pytest.param(
            [("pip", NO_PIP), ("pip", PIP_NETWORK)], "dependency-network", "not be reached", id="offline with a new pip"
        ),
        pytest.param([("pip", "killed")], "dependency-installation", "pip ended with 9", id="anything else"),
    ],
)  # fmt: skip
def test_the_cause_is_told_from_what_was_printed(outputs: list[tuple[str, str]], topic: str, said: str) -> None:
    """One sentence with the name of what is wrong, and the remedy for it."""
    failed = [Outcome(installer=name, code=9, output=output) for name, output in outputs]
    problem = diagnosis(failed, "changelog")
    assert problem.topic == topic
    assert said in problem.found
    assert problem.remedy
