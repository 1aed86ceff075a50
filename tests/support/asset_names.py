"""The table of names that GitHub gives assets, for the client and for the embedded GitHub."""

from __future__ import annotations

ASSET_NAMES = {
    "hello-1.2.0-py3-none-any.whl": "hello-1.2.0-py3-none-any.whl",
    "hello-1.2.0+cu118.tar.gz": "hello-1.2.0+cu118.tar.gz",
    "@scope_pkg.tgz": "@scope_pkg.tgz",
    "app": "app",
    "app-é": "app-e",
    "My App 1.0 Setup.exe": "My.App.1.0.Setup.exe",
    "my  file (1).txt": "my.file.1.txt",
    "(1).txt": "1.txt",
    "app-v1.3.0-(15-5)-abc.apk": "app-v1.3.0-.15-5.-abc.apk",
    "hello_1.0~rc1_all.deb": "hello_1.0.rc1_all.deb",
    "a%%%%%!!!b.txt": "a.b.txt",
    "a..b": "a.b",
    "name.": "name",
    "résumé.pdf": "resume.pdf",
    "re\u0301sume\u0301.pdf": "resume.pdf",
    "über.txt": "uber.txt",
    "żółw.txt": "zolw.txt",
    "a5_ð_æ_©_ŋ.txt": "a5_d_ae_._ng.txt",
    "straße.txt": "strasse.txt",
    ".config": "default.config",
    ".config.": "default.config",
    "日本.zip": "default.zip",
    "日本.tar.gz": "default.tar.gz",
    "日本-1.zip": "-1.zip",
    "日本": "default",
    "...": "default",
}
"""Name of the upload, and name of the asset."""
