"""A project with an in-tree build backend, so that tests need no index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

BACKEND = """\
import gzip, io, json, os, tarfile, zipfile
from pathlib import Path

VERSION = Path("VERSION").read_text().strip()
INFO = f"hello-{VERSION}.dist-info"
METADATA = Path("METADATA").read_text().replace("$VERSION", VERSION)
FILES = {path.as_posix(): path.read_bytes() for path in sorted(Path("hello").glob("*")) if path.is_file()}
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1000000000"))


def build_sdist(folder, settings=None):
    print("building the sdist")
    Path("seen.json").write_text(json.dumps({"environ": dict(os.environ), "settings": settings, "cwd": os.getcwd()}))
    name = f"hello-{VERSION}"
    kept = {"PKG-INFO": METADATA.encode(), **FILES}
    kept |= {path: Path(path).read_bytes() for path in ("VERSION", "METADATA", "pyproject.toml", "backend/in_tree.py")}
    file = gzip.GzipFile(f"{folder}/{name}.tar.gz", "w", mtime=EPOCH)
    with file, tarfile.open(fileobj=file, mode="w") as archive:
        for path, data in kept.items():
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mtime = len(data), EPOCH
            archive.addfile(entry, io.BytesIO(data))
    return f"{name}.tar.gz"


def build_wheel(folder, settings=None, metadata_directory=None):
    print("building the wheel in", os.path.basename(os.getcwd()))
    kept = {
        **FILES,
        f"{INFO}/METADATA": METADATA.encode(),
        f"{INFO}/WHEEL": b"Wheel-Version: 1.0\\nGenerator: in-tree\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    kept[f"{INFO}/RECORD"] = "".join(f"{path},,\\n" for path in [*kept, f"{INFO}/RECORD"]).encode()
    name = f"hello-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as archive:
        for path, data in kept.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 5, 6, 7, 8, 10)), data)
    return name
"""

PROJECT: Mapping[str, str] = {
    "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "in_tree"\nbackend-path = ["backend"]\n',
    "VERSION": "1.2.0\n",
    "METADATA": "Metadata-Version: 2.1\nName: hello\nVersion: $VERSION\nSummary: Says hello\nRequires-Python: >=3.11\n"
    "Classifier: Programming Language :: Python :: 3.12\nDescription-Content-Type: text/markdown\n\n# Hello\n",
    "hello/__init__.py": 'GREETING = "hello"\n',
    "backend/in_tree.py": BACKEND,
}
"""Files of a project that builds ``hello``, with the version in the file VERSION and no build requirements."""
