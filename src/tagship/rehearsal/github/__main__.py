"""The embedded GitHub as a command; how to call it and what it reads stands in the package's docstring."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tagship.rehearsal.github.hub import Hub
from tagship.rehearsal.github.server import Server


def main() -> None:
    """Serve until killed; one line of JSON on standard output says when and where."""
    parser = argparse.ArgumentParser(prog="python -m tagship.rehearsal.github", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the folder that holds everything it remembers")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--config", type=Path, help="a JSON file with repositories, tokens, limits, faults")
    arguments = parser.parse_args()
    hub = Hub(arguments.state)
    if arguments.config:
        hub.configure(json.loads(arguments.config.read_text(encoding="utf-8")))
    server = Server(("127.0.0.1", arguments.port), hub)
    print(json.dumps({"url": server.url, "token": hub.token()}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
