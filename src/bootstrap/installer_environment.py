"""The environment of pip and uv: settings of the index and network, no other settings and no secrets."""

from __future__ import annotations

import configparser
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# An allowlist, because a token can have any name. Locks pin every file by its hash, so any index is allowed.
_KEPT = re.compile(
    r"PATH|HOME|USER|LOGNAME|LANG|LC_(ALL|CTYPE|MESSAGES)|(LD|DYLD)_LIBRARY_PATH|NETRC|XDG_CONFIG_(HOME|DIRS)"
    r"|(HTTPS?|ALL|NO)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE"
    r"|SYSTEM(ROOT|DRIVE)|WINDIR|COMSPEC|PATHEXT|(LOCAL)?APPDATA|PROGRAMDATA|USERPROFILE|HOMEDRIVE|HOMEPATH"
    r"|PROCESSOR_ARCHITE(CTURE|W6432)|NUMBER_OF_PROCESSORS"
    r"|PIP_(CONFIG_FILE|(EXTRA_)?INDEX_URL|TRUSTED_HOST|PROXY|(CLIENT_)?CERT|(DEFAULT_)?TIMEOUT|RETRIES|KEYRING_PROVIDER)"
    r"|UV_((DEFAULT_|EXTRA_)?INDEX(_URL)?|INDEX_(STRATEGY|\w+_(USERNAME|PASSWORD))|INSECURE_HOST|HTTP_(TIMEOUT|RETRIES)|NATIVE_TLS|SYSTEM_CERTS"
    r"|KEYRING_PROVIDER)",
    re.IGNORECASE,
)
_UV_INDEXES = {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}
# Options of pip about the index, and the equivalent variables of uv, which does not read pip's settings.
_UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def installers_environment(environ: Mapping[str, str], temporary: Path) -> dict[str, str]:
    """Return the whole environment for pip and uv, with ``temporary`` for their temporary files."""
    kept = {name: value for name, value in environ.items() if _KEPT.fullmatch(name)}
    if not _UV_INDEXES & kept.keys():
        for option, value in _pip_settings(environ).items():
            kept.setdefault(_UV_VARIABLES[option], value)
    # A configuration file may require a virtual environment, which --target does not need; a variable overrides it.
    return kept | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)) | {"PIP_REQUIRE_VIRTUALENV": "0"}


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
