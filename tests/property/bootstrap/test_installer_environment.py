from __future__ import annotations

import os
from operator import add
from pathlib import Path
from string import ascii_uppercase

from hypothesis import given
from hypothesis import strategies as st

from bootstrap.installer_environment import installers_environment

names = st.builds(
    add, st.text(ascii_uppercase + "_", min_size=1), st.sampled_from(("TOKEN", "PASSWORD", "SECRET", "KEY"))
)


@given(st.dictionaries(names, st.just("hidden")))
def test_no_credential_is_passed(environ: dict[str, str]) -> None:
    """The only exception is the password of a named index of uv."""
    passed = installers_environment({"PIP_CONFIG_FILE": os.devnull} | environ, Path("t"))
    assert not [name for name, value in passed.items() if value == "hidden" and not name.startswith("UV_INDEX_")]
