"""The environment of pip and uv: settings of the index and network, no other settings and no secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tagship.edges.environments import with_uv_settings

if TYPE_CHECKING:
    from pathlib import Path

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


def installers_environment(environ: Mapping[str, str], temporary: Path) -> dict[str, str]:
    """Return the whole environment for pip and uv, with ``temporary`` for their temporary files."""
    kept = {name: value for name, value in environ.items() if _KEPT.fullmatch(name)}
    # A configuration file may require a virtual environment, which --target does not need; a variable overrides it.
    own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)) | {"PIP_REQUIRE_VIRTUALENV": "0"}
    return {"PIP_RETRIES": "2", **with_uv_settings(kept), **own}
