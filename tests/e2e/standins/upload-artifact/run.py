"""Puts files into one zip in the folder STANDIN_ARTIFACTS, laid out as actions/upload-artifact lays them out."""

import glob
import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
name = inputs["name"]
workspace = Path(os.environ["GITHUB_WORKSPACE"])
store = Path(os.environ["STANDIN_ARTIFACTS"])
if not name or set(name) & set('":<>|*?\r\n\\/'):
    sys.exit(f"::error::The artifact name is not valid: {name!r}")


def members(pattern: str) -> dict[Path, str]:
    """Return the files that one line of ``path`` selects, with their paths in the artifact."""
    path = workspace / pattern
    if path.is_file():
        return {path: path.name}
    if path.is_dir():
        path /= "**"
    parts = path.parts
    fixed = Path(*parts[: next(number for number, part in enumerate(parts) if glob.has_magic(part))])
    # Unlike pathlib, glob leaves hidden files out, as the real action does.
    files = (Path(match) for match in glob.glob(str(path), recursive=True) if Path(match).is_file())  # noqa: PTH207
    return {file: file.relative_to(fixed).as_posix() for file in files}


chosen: dict[Path, str] = {}
for line in inputs["path"].splitlines():
    chosen |= members(line)
if not chosen and inputs["if-no-files-found"] == "error":
    sys.exit(f"::error::No files were found with the provided path: {inputs['path']}")
archive = store / f"{name}.zip"
if archive.exists() and inputs["overwrite"] != "true":
    sys.exit("::error::(409) Conflict: an artifact with this name already exists on the workflow run")
with zipfile.ZipFile(archive, "w") as target:
    for file, place in sorted(chosen.items()):
        target.write(file, place)
digest = hashlib.sha256(archive.read_bytes()).hexdigest()
(store / f"{name}.sha256").write_text(digest)
with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
    outputs.write(f"artifact-id={int(digest[:6], 16)}\nartifact-digest={digest}\n")
