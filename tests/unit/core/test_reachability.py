"""Network failures in the output of installers."""

from __future__ import annotations

import pytest

from tagship.core.reachability import unreachable

FETCH = "  cause: Failed to fetch: https://pypi.org/simple/hatchling/\n"


@pytest.mark.parametrize(
    ("output", "found", "remedy"),
    [
        pytest.param(
            f"{FETCH}  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer\n",
            "TLS certificate verification failed for https://pypi.org/simple/hatchling/ (UnknownIssuer).",
            "SSL_CERT_FILE=",
            id="uv behind a TLS proxy",
        ),
        pytest.param(
            f"{FETCH}  cause: error sending request for url (https://pypi.org/simple/hatchling/)\n  cause: dns error\n",
            "Connecting to https://pypi.org/simple/hatchling/ failed (error sending request for url),",
            "Run it again",
            id="uv offline",
        ),
        pytest.param(
            "WARNING: ... [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed\n",
            "TLS certificate verification failed for the index (CERTIFICATE_VERIFY_FAILED).",
            "SSL_CERT_FILE=",
            id="pip behind a TLS proxy",
        ),
        pytest.param(
            f"warning: Invalid `SSL_CERT_FILE`. Path does not exist: /no.pem. No default.\n{FETCH}",
            "SSL_CERT_FILE is /no.pem, which does not exist.",
            "/etc/ssl/certs/ca-certificates.crt",
            id="a missing certificate file",
        ),
        pytest.param(
            "error: failed to write to file: No space left on device (os error 28)\n",
            "A file could not be written: No space left on device.",
            "Free disk space",
            id="a full disk",
        ),
    ],
)
def test_network_failures_are_recognised(output: str, found: str, remedy: str) -> None:
    """The message contains the URL and the error, and the remedy the variable to set."""
    problem = unreachable(output)

    assert problem is not None
    assert problem.found.startswith(found)
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    "output",
    [
        "",
        (
            "Because nosuch was not found in the package registry and you require nosuch, your requirements are "
            "unsatisfiable.\n"
        ),
    ],
)
def test_other_failures_are_not_network_failures(output: str) -> None:
    """The caller reports the failed installation."""
    assert unreachable(output) is None
