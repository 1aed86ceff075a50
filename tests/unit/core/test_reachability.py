"""A network in the way is no fault of a requirement."""

from __future__ import annotations

import pytest

from tagship.core.reachability import unreachable

FETCH = "  cause: Failed to fetch: https://pypi.org/simple/hatchling/\n"


@pytest.mark.parametrize(
    ("output", "found", "remedy"),
    [
        pytest.param(
            f"{FETCH}  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer\n",
            "The certificate of https://pypi.org/simple/hatchling/",
            "SSL_CERT_FILE=",
            id="uv behind a proxy that signs",
        ),
        pytest.param(
            f"{FETCH}  cause: error sending request for url (https://pypi.org/simple/hatchling/)\n  cause: dns error\n",
            "No answer came from https://pypi.org/simple/hatchling/,",
            "Run it again",
            id="uv offline",
        ),
        pytest.param(
            "WARNING: ... [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed\n",
            "The certificate of the index",
            "SSL_CERT_FILE=",
            id="pip behind a proxy that signs",
        ),
    ],
)
def test_the_network_is_told_from_a_wrong_requirement(output: str, found: str, remedy: str) -> None:
    """With the address that did not answer, and what to set."""
    problem = unreachable(output)

    assert problem is not None
    assert problem.found.startswith(found)
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    "output",
    ["", "Because there is no version of nosuch and you require nosuch, your requirements are unsatisfiable.\n"],
)
def test_any_other_failure_is_none_of_the_network(output: str) -> None:
    """It is explained by whoever asked for the installation."""
    assert unreachable(output) is None
