"""Notes what it was asked to attest in the folder STANDIN_RECORDS."""

import json
import os
import re
import sys
from pathlib import Path

inputs = json.loads(os.environ["INPUTS"])
file = Path(os.environ["GITHUB_WORKSPACE"], inputs["subject-checksums"])
lines = file.read_text("utf-8").splitlines()
subjects = dict(reversed(line.split(maxsplit=1)) for line in lines if line)
if not subjects or not all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in subjects.values()):
    sys.exit(f"::error::No valid subjects in {inputs['subject-checksums']}")
record = {"ref": os.environ["GITHUB_REF"], "subjects": subjects}
with Path(os.environ["STANDIN_RECORDS"], "attestations.jsonl").open("a", encoding="utf-8") as records:
    records.write(json.dumps(record) + "\n")
with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
    address = f"{os.environ['GITHUB_SERVER_URL']}/{os.environ['GITHUB_REPOSITORY']}/attestations/1"
    outputs.write(f"attestation-url={address}\n")
