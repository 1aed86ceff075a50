"""Gives the job an interpreter of its own, made from one that this machine has.

The real action installs an interpreter that belongs to the job alone. Here it is a virtual environment with pip, so
that what a job installs is not left on the machine. Installations in the folder STANDIN_TIERS are put where the
bootstrap looks for its own: they are what a first run of it left there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
version = inputs["python-version"]
temporary = Path(os.environ["RUNNER_TEMP"])
PROBE = "import ensurepip, platform, sys; print(sys.executable, platform.python_version(), ensurepip.__path__[0])"


def found() -> list[str] | None:
    """The path, version and ensurepip folder of an interpreter of the wanted version, or None."""
    folders = [*os.environ["PATH"].split(os.pathsep), *map(str, Path.home().glob(f".pyenv/versions/{version}*/bin"))]
    for folder in folders:
        program = shutil.which(f"python{version}", path=folder)
        answer = program and subprocess.run([program, "-I", "-c", PROBE], capture_output=True, text=True, check=False)
        if answer and answer.returncode == 0:
            return answer.stdout.split()
    return None


if not re.fullmatch(r"3\.[0-9]+", version):
    sys.exit(f"::error::{version!r} is no version that the stand-in knows")
interpreter = found()
if interpreter is None:
    sys.exit(f"::error::The version '{version}' was not found on this machine")
executable, full, ensurepip = interpreter
home = temporary / f"standin-python-{version}"
subprocess.run([executable, "-I", "-m", "venv", "--without-pip", home], check=True)
packages = home / "lib" / f"python{version}" / "site-packages"
(wheel,) = Path(ensurepip, "_bundled").glob("pip-*.whl")
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(packages)
pip = home / "bin" / "pip"
pip.write_text(f'#!/bin/sh\nexec "{home}/bin/python" -m pip "$@"\n')
pip.chmod(0o755)
for tier in Path(os.environ["STANDIN_TIERS"]).glob("tagship-*"):
    link = temporary / tier.name
    if not link.exists():
        link.symlink_to(tier)
if inputs["update-environment"] == "true":
    with Path(os.environ["GITHUB_PATH"]).open("a", encoding="utf-8") as path:
        path.write(f"{home / 'bin'}\n")
with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
    outputs.write(f"python-version={full}\npython-path={home / 'bin' / 'python'}\n")
