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
UV_NO_VERSION = "  cause: Because there is {} version of mdurl==0.1.2 and you require mdurl==0.1.2".format("no")
PIP_TLS = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: "
    "CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate'))': /simple/mdurl/"
)
UV_TLS = (
    "  cause: error sending request for url (https://pypi.org/simple/mdurl/)\n  cause: client error (Connect)\n"
    "  cause: invalid peer certificate: UnknownIssuer"
)
HASHES, NO_WHEEL = "these-packages-do-not-match-the-hashes", "no-matching-distribution-found"
NETWORK, OTHER = "failed-to-fetch-dependencies", "dependency-installation-failed"
CERTIFICATE = "certificate_verify_failed--unknownissuer"
BUNDLE = "warning: Invalid `SSL_CERT_FILE`. Path does not exist: /no.pem. No default certificates will be trusted."
PIP_BUNDLE = "ERROR: OSError: Could not find a suitable TLS CA certificate bundle, invalid path: /no.pem"
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
NO_PIP = "/usr/bin/python3: No module named pip"


@pytest.mark.parametrize(
    ("outputs", "topic", "said"),
    [
        pytest.param([("pip", PIP_NETWORK)], NETWORK, "the changelog dependencies", id="pip offline"),
        pytest.param([("uv", UV_NETWORK)], NETWORK, "the changelog dependencies", id="uv offline"),
        pytest.param([("pip", PIP_HASH)], HASHES, "Hash mismatch for mdurl==0.1.2", id="pip, changed"),
        pytest.param([("uv", UV_HASH)], HASHES, "Hash mismatch for mdurl==0.1.2", id="uv, changed"),
        pytest.param([("pip", PIP_NO_WHEEL)], NO_WHEEL, "wheel of mdurl==0.1.2", id="pip, no wheel"),
        pytest.param([("uv", UV_NO_WHEEL)], NO_WHEEL, "wheel of mdurl==0.1.2", id="uv, no wheel"),
        pytest.param([("uv", UV_NO_VERSION)], NO_WHEEL, "wheel of mdurl==0.1.2", id="uv, no version"),
        pytest.param(
            [("uv", "error: unexpected argument '--color'"), ("pip", PIP_HASH)],
            HASHES, "mdurl==0.1.2", id="the second installer has the cause",
        ),
        pytest.param([("pip", NO_PIP)], "no-module-named-pip", "not on PATH", id="no pip"),
        pytest.param([("uv", f"{BUNDLE}\n{UV_TLS}")], CERTIFICATE, "SSL_CERT_FILE is /no.pem", id="uv, no bundle"),
        pytest.param([("pip", PIP_BUNDLE)], CERTIFICATE, "is /no.pem, which does not exist", id="pip, no bundle"),
        pytest.param([("pip", FULL)], "no-space-left-on-device", "No space left on device", id="full disk"),
        pytest.param([("download", "timed out"), ("pip", NO_PIP)], NETWORK, "did not respond", id="offline, no pip"),
        pytest.param([("pip", PIP_TLS)], CERTIFICATE, "while the changelog dependencies", id="pip, untrusted"),
        pytest.param([("uv", UV_TLS)], CERTIFICATE, "TLS certificate", id="uv, untrusted"),
        pytest.param([("pip", "killed")], OTHER, "pip exited with status 9", id="anything else"),
    ],
)  # fmt: skip
def test_the_cause_is_found_in_the_output(outputs: list[tuple[str, str]], topic: str, said: str) -> None:
    """The message names the cause and the dependency, and has a remedy."""
    failed = [Outcome(installer=name, code=9, output=output) for name, output in outputs]
    problem = diagnosis(failed, "changelog")
    assert problem.topic == topic
    assert said in problem.found
    assert problem.remedy
