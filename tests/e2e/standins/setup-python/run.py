"""Gives the job an interpreter of its own, made from the one that STANDIN_PYTHONS, a JSON object, has for the version.

The real action installs an interpreter that belongs to the job alone. Here it is a virtual environment with pip, so
that what a job installs is not left on the machine. Installations in the folder STANDIN_TIERS are put where the
bootstrap looks for its own: they are what a first run of it left there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
version = inputs["python-version"]
temporary = Path(os.environ["RUNNER_TEMP"])
executable = json.loads(os.environ["STANDIN_PYTHONS"]).get(version)
if executable is None:
    sys.exit(f"::error::The version '{version}' was not found")
probe = "import os, sys; print('{}.{}.{}'.format(*sys.version_info), os.path.dirname(os.__file__))"
answer = subprocess.run([executable, "-I", "-S", "-c", probe], capture_output=True, text=True, check=True)
full, library = answer.stdout.split()
home = temporary / f"standin-python-{version}"
if not home.exists():
    # uv copies the same interpreter in a tenth of the time of the module venv.
    uv = [os.environ["STANDIN_UV"], "venv", "--quiet", "--no-project", "--no-config", "--python", executable, home]
    subprocess.run(uv, check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    (wheel,) = Path(library, "ensurepip", "_bundled").glob("pip-*.whl")
    # pip runs from its own wheel, as ensurepip has it do.
    (packages / "pip.pth").write_text(f"{wheel}\n")
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
