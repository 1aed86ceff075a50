"""The embedded GitHub as a command; how to call it and what it reads stands in the package's docstring."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path

from tagship.errors import Failure
from tagship.rehearsal.fake_github.app import App
from tagship.rehearsal.fake_github.server import Server


def main() -> None:
    """Serve until killed; one line of JSON on standard output says when and where."""
    parser = argparse.ArgumentParser(prog="python -m tagship.rehearsal.fake_github", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the folder that holds everything it remembers")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--config", type=Path, help="a JSON file with repositories, tokens, limits, faults")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    arguments = parser.parse_args()
    app = App(arguments.state)
    try:
        if arguments.config:
            app.configure(json.loads(arguments.config.read_text(encoding="utf-8")))
    except (Failure, OSError, ValueError) as error:
        sys.exit(str(error))
    server = Server(("127.0.0.1", arguments.port), app)
    if arguments.with_parent:
        threading.Thread(target=_shut_down_with_parent, args=(server,), daemon=True).start()
    print(json.dumps({"url": server.url, "token": app.token()}), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _shut_down_with_parent(server: Server) -> None:
    """Wait for the end of standard input: the parent holds the other end, and it closes however the parent ends."""
    sys.stdin.buffer.read()
    server.shutdown()


if __name__ == "__main__":
    main()
