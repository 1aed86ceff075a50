"""Network failures in the output of an installer, as opposed to unsatisfiable requirements."""

from __future__ import annotations

import re

from tagship.errors import Problem

_CERTIFICATE = re.compile(r"(?<=invalid peer certificate: )\w+|UnknownIssuer|CERTIFICATE_VERIFY_FAILED")

_SILENCE = re.compile(
    r"error sending request for url|dns error|Temporary failure in name resolution"
    r"|Failed to establish a new connection|ConnectTimeout|ReadTimeout|ProxyError"
)
_ADDRESS = re.compile(r"https?://[^\s)'\"`]+")


def unreachable(output: str) -> Problem | None:
    """Return the network problem that the ``output`` of uv or pip reports, or None if the failure has another cause."""
    untrusted, silent = _CERTIFICATE.search(output), _SILENCE.search(output)
    address = _ADDRESS.search(output)
    where = address[0] if address else "the index"
    if untrusted is not None:
        return Problem(
            found=f"TLS certificate verification failed for {where} ({untrusted[0]}).",
            remedy="Behind a corporate proxy set SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            topic="certificate_verify_failed--unknownissuer",
        )
    if silent is None:
        return None
    return Problem(
        found=f"Connecting to {where} failed ({silent[0]}), so nothing was installed.",
        remedy="Run it again; behind a proxy set HTTPS_PROXY. https://status.python.org reports outages of PyPI.",
        topic="package-index-unreachable",
    )
