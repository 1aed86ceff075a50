"""Unpacks one artifact of the folder STANDIN_ARTIFACTS after its digest was checked."""

import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
store = Path(os.environ["STANDIN_ARTIFACTS"])
archive = store / f"{inputs['name']}.zip"
if not inputs["name"] or not archive.exists():
    sys.exit(f"::error::Unable to download artifact(s): Artifact not found for name: {inputs['name']}")
if hashlib.sha256(archive.read_bytes()).hexdigest() != (store / f"{inputs['name']}.sha256").read_text():
    sys.exit("::error::The digest of the downloaded artifact does not match")
target = Path(os.environ["GITHUB_WORKSPACE"], inputs["path"])
with zipfile.ZipFile(archive) as source:
    source.extractall(target)
with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
    outputs.write(f"download-path={target}\n")
