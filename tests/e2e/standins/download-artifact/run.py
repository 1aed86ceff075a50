"""Unpacks artifacts of the folder STANDIN_ARTIFACTS after their digests were checked."""

import fnmatch
import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
store = Path(os.environ["STANDIN_ARTIFACTS"])
archive = store / f"{inputs['name']}.zip"
if not inputs["pattern"] and (not inputs["name"] or not archive.exists()):
    sys.exit(f"::error::Unable to download artifact(s): Artifact not found for name: {inputs['name']}")
target = Path(os.environ["GITHUB_WORKSPACE"], inputs["path"])
chosen = {archive: target}
if inputs["pattern"]:
    chosen = {file: target / file.stem for file in store.glob("*.zip") if fnmatch.fnmatch(file.stem, inputs["pattern"])}
for file, folder in chosen.items():
    if hashlib.sha256(file.read_bytes()).hexdigest() != file.with_suffix(".sha256").read_text():
        sys.exit("::error::The digest of the downloaded artifact does not match")
    with zipfile.ZipFile(file) as source:
        source.extractall(folder)
with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
    outputs.write(f"download-path={target}\n")
