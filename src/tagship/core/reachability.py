"""Failures of the network and the machine in the output of an installer, as opposed to unsatisfiable requirements."""

from __future__ import annotations

import re

from tagship.errors import Problem

_CERTIFICATE = re.compile(r"(?<=invalid peer certificate: )\w+|UnknownIssuer|CERTIFICATE_VERIFY_FAILED")

_NO_SPACE = re.compile(
    r"(`[^`\n]+`: )?(No space left on device|There is not enough space on the disk|Disk quota exceeded)"
)
_NO_BUNDLE = re.compile(r"Invalid `(?P<uv>SSL_CERT_\w+)`\. .*?: (?P<at>.*?)\. No default|invalid path: (?P<pip>.+)")
_OFFLINE = re.compile(r"Network connectivity is disabled|because the network was disabled|not found in the cache")
_SILENCE = re.compile(
    r"error sending request for url|dns error|Temporary failure in name resolution"
    r"|Failed to establish a new connection|ConnectTimeout|ReadTimeout|ProxyError"
)
_ADDRESS = re.compile(r"https?://[^\s)'\"`]+")


def machine_problem(output: str) -> Problem | None:
    """Return the problem of this machine that the ``output`` of uv or pip reports: no space, or a missing file."""
    missing = _NO_BUNDLE.search(output)
    if missing:
        setting = missing["uv"] or "The certificate file of pip (PIP_CERT or cert in pip.conf)"
        return Problem(
            found=f"{setting} is {missing['at'] or missing['pip'].strip()}, which does not exist.",
            remedy="Set it to an existing file, for example /etc/ssl/certs/ca-certificates.crt, or remove the setting.",
            topic="certificate_verify_failed--unknownissuer",
        )
    if _OFFLINE.search(output):
        return not_cached("A requirement")
    full = _NO_SPACE.search(output)
    return full and no_space(full[0])


def not_cached(subject: str) -> Problem:
    """Return the problem that ``subject`` was not downloaded by an earlier rehearsal."""
    return Problem(
        found=f"{subject} cannot be installed with --offline: no earlier rehearsal downloaded it.",
        remedy="Run tagship rehearse once without --offline.",
        topic="network-connectivity-is-disabled",
    )


def no_space(reason: str) -> Problem:
    """Return the problem that a file cannot be written for the ``reason`` of the system."""
    return Problem(
        found=f"A file could not be written: {reason}.",
        remedy="Free disk space (df -h shows what is full), or set RUNNER_TEMP (locally TMPDIR) to another folder.",
        topic="no-space-left-on-device",
    )


def system_error(reason: str) -> Problem:
    """Return the problem that the system refused an operation for a ``reason`` that has no better message."""
    return Problem(
        found=f"The operating system refused an operation: {reason}.",
        remedy="Check the file and its permissions; the traceback in the log has the operation.",
        topic="operating-system-error",
    )


def absurd_data(error: Exception) -> Problem:
    """Return the problem that a file or an answer is nested too deep, too large, or has a number of too many digits."""
    kinds = {RecursionError: "is nested too deep", MemoryError: "is too large for the memory"}
    reason = kinds.get(type(error), "has a number of too many digits")
    return Problem(
        found=f"A file or an answer {reason}: {str(error) or type(error).__name__}.",
        remedy="Find the file in the traceback in the log, and correct it.",
        topic="unusable-data",
    )


def unreachable(output: str) -> Problem | None:
    """Return the problem of the network or the machine that the ``output`` of uv or pip reports, or None."""
    broken = machine_problem(output)
    if broken is not None:
        return broken
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
