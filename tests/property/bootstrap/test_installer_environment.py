from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bootstrap.installer_environment import installers_environment


@given(st.dictionaries(st.from_regex(r"[A-Z_]{1,20}(TOKEN|PASSWORD|SECRET|KEY)", fullmatch=True), st.just("hidden")))
def test_no_credential_is_passed(environ: dict[str, str]) -> None:
    """The only exception is the password of a named index of uv."""
    passed = installers_environment({"PIP_CONFIG_FILE": os.devnull} | environ, Path("t"))
    assert not [name for name, value in passed.items() if value == "hidden" and not name.startswith("UV_INDEX_")]
