"""The settings of pip and uv about the index and the network, for every installation by uv.

uv reads neither pip's files nor its variables, and ignores the certificates of the system by default.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_UV_INDEXES = {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}
# pip chooses the highest version of all indexes; by default uv uses the first index that has the package.
_LIKE_PIP = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
_UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
}
"""Options of pip, and the equivalent variables of uv; a later option has priority."""
_DEFAULTS = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "UV_HTTP_TIMEOUT": "15", "UV_HTTP_RETRIES": "2"}
"""Certificates of the system, as in pip (UV_NATIVE_TLS in an older uv), and an end after 45 s without an answer."""
INDEX_VARIABLES = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT", "PIP_PROXY", "PIP_TIMEOUT",
    "PIP_DEFAULT_TIMEOUT", "PIP_CONFIG_FILE", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL",
    "UV_INDEX_STRATEGY", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_SYSTEM_CERTS",
)  # fmt: skip
"""The variables of pip and uv about the index and the network."""


def index_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of pip and uv about the index and the network in ``environ``."""
    return {name: environ[name] for name in INDEX_VARIABLES if environ.get(name)}


def with_uv_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` with pip's index settings as variables of uv, which have priority, and uv's defaults."""
    found = {_UV_VARIABLES[option]: value for option, value in _pip_settings(environ).items()}
    if _UV_INDEXES & environ.keys():
        found.pop("UV_DEFAULT_INDEX", None)
    if "UV_INDEX" in found and not {"UV_INDEX", "UV_EXTRA_INDEX_URL"} & environ.keys():
        found |= _LIKE_PIP
    return {**_DEFAULTS, **found, **environ}


def _pip_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return pip's settings of the index from its files and variables, by option; variables override files."""
    settings: dict[str, str] = {}
    for file in _pip_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, OSError, ValueError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                settings |= {name.replace("_", "-"): " ".join(value.split()) for name, value in parser.items(section)}
    for option in _UV_VARIABLES:
        value = environ.get("PIP_" + option.replace("-", "_").upper())
        if value:
            settings[option] = value
    return {option: settings[option] for option in _UV_VARIABLES if settings.get(option)}


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield pip's configuration files, lowest priority first.

    Source: https://pip.pypa.io/en/stable/topics/configuration/#location.
    """
    named = environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.devnull)
    if os.name == "nt":
        name = "pip.ini"
        yield Path(environ.get("PROGRAMDATA") or "C:/ProgramData", "pip", name)
        yield home / "pip" / name
        yield Path(environ.get("APPDATA") or home, "pip", name)
    else:
        name = "pip.conf"
        yield Path("/Library/Application Support/pip", name)
        yield from (Path(folder, "pip", name) for folder in environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"))
        yield Path("/etc", name)
        yield home / ".pip" / name
        yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config", "pip", name)
        yield home / "Library" / "Application Support" / "pip" / name
    yield Path(sys.prefix, name)
    if named:
        yield Path(named)
