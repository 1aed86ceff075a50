"""Uploads distributions by the protocol of PyPI's upload API to the embedded index.

STANDIN_INDEXES is a JSON object from the address a workflow names to the address that is used in its place.
STANDIN_IDENTITIES replaces ACTIONS_ID_TOKEN_REQUEST_URL; the name of the job is its request token.
"""

import base64
import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
address = json.loads(os.environ["STANDIN_INDEXES"]).get(inputs["repository-url"])
trusted = not inputs["password"]
files = sorted(
    Path(os.environ["GITHUB_WORKSPACE"], inputs["packages-dir"]).iterdir(), key=lambda file: file.suffix != ".whl"
)
strangers = [file.name for file in files if not file.name.endswith((".whl", ".tar.gz"))]
if address is None:
    sys.exit(f"::error::No index found at {inputs['repository-url']}")
if strangers or not files:
    sys.exit(f"::error::Not distributions: {strangers or 'nothing there'}")
if inputs["attestations"] == "true" and not trusted:
    print("::warning::attestations need trusted publishing, and there is a password; they are left out")


def form(file: Path) -> tuple[bytes, str]:
    """Return the body of the upload of one file, and its boundary."""
    name, version = re.match(r"(.+?)-([^-]+?)(?:-.*\.whl|\.tar\.gz)$", file.name).groups()
    content = file.read_bytes()
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "name": name,
        "version": version,
        "sha256_digest": hashlib.sha256(content).hexdigest(),
    }
    boundary = "standin" + fields["sha256_digest"]
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="content"; filename="{file.name}"\r\n\r\n'
    return b"".join([*parts, head.encode(), content, f"\r\n--{boundary}--\r\n".encode()]), boundary


def ask(address: str, data: object = None, **headers: str) -> dict:
    """Return the JSON of the index's response, also of a refusal."""
    body = None if data is None else json.dumps(data).encode()
    try:
        with opener.open(urllib.request.Request(address, data=body, headers=headers), timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 401:
            sys.exit("::error::Trusted publishing exchange failure: OpenID Connect token retrieval failed")
        return json.load(error)


def exchanged() -> str:
    """Return the upload token for the identity of this job."""
    root = urllib.parse.urljoin(address, "/_/oidc/")
    audience = ask(f"{root}audience")["audience"]
    identity = f"{os.environ['STANDIN_IDENTITIES']}&audience={audience}"
    answer = ask(
        f"{root}mint-token", {"token": ask(identity, Authorization=f"bearer {os.environ['GITHUB_JOB']}")["value"]}
    )
    for error in answer.get("errors", []):
        sys.exit(
            "::error::Trusted publishing exchange failure: Token request failed: the server refused the request for "
            f"the following reasons: * `{error['code']}`: {error['description']}"
        )
    return answer["token"]


opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
user = base64.b64encode(f"{inputs['user']}:{inputs['password'] or exchanged()}".encode()).decode()
for file in files:
    body, boundary = form(file)
    headers = {"Authorization": f"Basic {user}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
    try:
        opener.open(urllib.request.Request(address, data=body, headers=headers), timeout=60).close()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        if inputs["skip-existing"] != "true" or not (error.code == 400 and "already exist" in text.lower()):
            sys.exit(f"::error::The index answered {error.code} to {file.name}: {' '.join(text.split())}")
        print(f"{file.name} is there already")
record = {"to": inputs["repository-url"], "trusted": trusted, "files": [file.name for file in files]}
with Path(os.environ["STANDIN_RECORDS"], "publications.jsonl").open("a", encoding="utf-8") as records:
    records.write(json.dumps(record) + "\n")
