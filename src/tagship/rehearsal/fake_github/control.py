"""The control path: reading back what was asked, and changing the embedded GitHub while it runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagship.errors import Failure
from tagship.rehearsal.fake_github.http import Answer

if TYPE_CHECKING:
    from tagship.rehearsal.fake_github.app import App
    from tagship.rehearsal.fake_github.http import Request

PREFIX = "/_rehearsal/"
HERE = {"127.0.0.1", "localhost"}


def answer(app: App, request: Request) -> Answer:
    """Return the answer to a request under ``/_rehearsal/``.

    Only a client that names this machine and speaks JSON is heard, which keeps out what a browser's pages may send.
    """
    if request.headers.get("host", "").partition(":")[0] not in HERE:
        return Answer(status=403, content={"message": "Only from this machine."})
    name = request.path.removeprefix(PREFIX)
    match request.method, name:
        case "GET", "requests":
            return _record(app, request.query.get("after", "0"))
        case "GET", "state":
            return Answer(content=app.snapshot())
        case "POST", "config" | "tag" if request.headers.get("content-type", "").startswith("application/json"):
            return _changed(app, name, request.body)
        case _:
            return Answer(status=404, content={"message": "GET requests, GET state, POST config, POST tag (as JSON)."})


def _record(app: App, after: str) -> Answer:
    if not after.isdecimal():
        return Answer(status=422, content={"message": f"after is {after!r}, which is no number."})
    return Answer(content=app.store.requests(int(after)))


def _changed(app: App, name: str, body: bytes) -> Answer:
    try:
        values = json.loads(body)
        if name == "config":
            app.configure(values)
        else:
            app.push_tag(values["repository"], values["tag"], values["commit"])
    except (Failure, ValueError, KeyError, TypeError) as error:
        return Answer(status=422, content={"message": str(error)})
    return Answer(content={"message": "Done."})
