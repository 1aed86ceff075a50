"""Whether an installer failed for the network and not for what it was asked to install."""

from __future__ import annotations

import re

from tagship.errors import Problem

_CERTIFICATE = re.compile(r"invalid peer certificate|CERTIFICATE_VERIFY_FAILED|UnknownIssuer")
_SILENCE = re.compile(
    r"error sending request for url|dns error|Temporary failure in name resolution"
    r"|Failed to establish a new connection|ConnectTimeout|ReadTimeout|ProxyError"
)
_ADDRESS = re.compile(r"https?://[^\s)'\"`]+")


def unreachable(output: str) -> Problem | None:
    """Return the problem of nobody having answered, by the ``output`` of uv or pip; None where that was not the
    reason.
    """
    untrusted = _CERTIFICATE.search(output)
    if not untrusted and not _SILENCE.search(output):
        return None
    address = _ADDRESS.search(output)
    where = address[0] if address else "the index"
    if untrusted:
        return Problem(
            found=f"The certificate of {where} is of an authority that is not among the installer's own.",
            remedy="A proxy of your network may sign what passes it. Name the file of this machine's certificates: "
            "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            topic="certificate_verify_failed--unknownissuer",
        )
    return Problem(
        found=f"No answer came from {where}, so that nothing could be installed.",
        remedy="Run it again; behind a proxy set HTTPS_PROXY. https://status.python.org shows whether PyPI is down.",
        topic="package-index-unreachable",
    )
