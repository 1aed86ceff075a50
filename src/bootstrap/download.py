"""Download of locked wheels with the standard library, by their hash: the start of pip alone takes longer."""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import os
import platform
import re
import shutil
import ssl
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin
from urllib.request import Request, urlopen

_LOCKED = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?P<marker> ; [^\\]+)?")
_ON_WINDOWS = "os_name == 'nt'"
_LIMIT = 15.0
"""Time limit in seconds of one answer of the index."""


class Unsuitable(Exception):
    """An index, a wheel or a requirement that only an installer can handle."""


def download(requirement: str, target: Path, environ: Mapping[str, str]) -> None:
    """Download the wheel of ``requirement``, an entry of a lock, and unpack it to ``target`` as an installer does.

    Raises Unsuitable, OSError if the index does not answer, and ValueError for a file that differs from the lock.
    """
    locked = _LOCKED.match(requirement)
    hashes = re.findall(r"sha256:([0-9a-f]{64})", requirement)
    index = (environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL") or "https://pypi.org/simple").rstrip("/")
    if locked and locked["marker"] and locked["marker"].strip(" ;") == _ON_WINDOWS and os.name != "nt":
        return
    if not locked or locked["marker"] or not hashes or not re.match(r"https?://[^@]+$", index):
        raise Unsuitable
    context = ssl.create_default_context(cafile=environ.get("SSL_CERT_FILE") or None)
    page = f"{index}/{re.sub('[-_.]+', '-', locked['name']).lower()}/"
    url = wheel_url(_get(page, context).decode(), page, name=locked["name"], version=locked["version"])
    wheel = _get(url, context)
    if hashlib.sha256(wheel).hexdigest() not in hashes:
        raise ValueError(f"DO NOT MATCH THE HASHES: {locked['name']}=={locked['version']} from {page}")
    _unpack(wheel, target)


def _get(url: str, context: ssl.SSLContext) -> bytes:
    accept = {"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.1", "Accept-Encoding": "gzip"}
    with urlopen(Request(url, headers=accept), timeout=_LIMIT, context=context) as answer:  # noqa: S310
        body: bytes = answer.read()
        return gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body


def wheel_url(page: str, address: str, *, name: str, version: str) -> str:
    """Return the URL of the wheel for this platform on a page of the simple API, in HTML or JSON (PEP 503, PEP 691).

    Raises Unsuitable if there is none, because an installer has to choose one.
    """
    file = rf"{re.sub('[-_.]+', '_', name)}-{re.escape(version)}-py[23.py]*3-none-(?:any|{_platform()})\.whl"
    found = re.search(
        rf"""(?:"url":\s*|href=)["'](?P<url>[^"'<>]*\b{file}(?:\?[^"'#]*)?)(?:\#[^"']*)?["']""", page, re.IGNORECASE
    )
    if not found:
        raise Unsuitable
    return urljoin(address, html.unescape(found["url"]))


def _platform() -> str:
    """Return a pattern of the platform tags of uv's wheels for this machine."""
    machine = platform.machine().lower()
    if sys.platform == "win32":
        return {"x86": "win32"}.get(machine, f"win_{machine}")
    if sys.platform == "darwin":
        return rf"macosx_\d+_\d+_{machine}"
    library = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return rf"{library}[\w.]*_{machine}"


def _unpack(wheel: bytes, target: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            is_script = len(path.parts) > 2 and path.parts[0].endswith(".data") and path.parts[1] == "scripts"
            if entry.is_dir() or ".." in path.parts or path.is_absolute():
                continue
            place = target / "bin" / path.name if is_script else target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as content, place.open("wb") as file:
                shutil.copyfileobj(content, file)
            if is_script:
                place.chmod(0o755)
