"""Text, code and links spelled as Markdown that shows them and nothing else."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\`*\[<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]+;)|!$|(?<=\w):(?=//)|(?<![^\W_])www(?=\.)")


def escape(text: str) -> str:
    """Return ``text`` with everything escaped that would be markup inside a line, bare addresses among it."""
    return _SPECIAL.sub(lambda match: "www\\" if match[0] == "www" else f"\\{match[0]}", text)


_LINE_START = re.compile(
    r"^(?:([-+])(?=\s|$)|(\d{1,9})([.)])(?=\s|$)|(\#{1,6})(?=\s|$)|(>)|([=-])(?=[=-]*[ \t]*$)|(:)(?=-))", re.MULTILINE
)


def escape_starts(text: str) -> str:
    """Return ``text``, the content of a paragraph, with what would begin another block at a line's start escaped."""
    return _LINE_START.sub(lambda match: f"{match[2]}\\{match[3]}" if match[2] else f"\\{match[0]}", text)


def code_span(text: str) -> str:
    """Return ``text`` as code on one line; nothing if it is blank."""
    content = " ".join(text.split())
    if not content:
        return ""
    fence = "`" * (max(map(len, re.findall(r"`+", content)), default=0) + 1)
    pad = " " if content[0] == "`" or content[-1] == "`" else ""
    return f"{fence}{pad}{content}{pad}{fence}"


def destination(url: str) -> str:
    """Return ``url`` as the destination of a link or picture."""
    encoded = re.sub(r"[\s()<>\\`|\"]", lambda match: f"%{ord(match[0]):02X}", url.replace("\n", ""))
    return re.sub(r"&(?=[#\w]+;)", "&amp;", encoded) or "#"


def link(label: str, url: str) -> str:
    """Return a link whose text is ``label``, which is Markdown."""
    return f"[{closed_brackets(label)}]({destination(url)})"


_BRACKET = re.compile(r"\\.|(`+)(?!`).*?(?<!`)\1(?!`)|!?\[(?:[^\[\]\\]|\\.)*\]\([^()]*\)|(?P<bracket>\])", re.DOTALL)


def closed_brackets(label: str) -> str:
    """Return the Markdown ``label`` with no bracket that would end the text of a link around it."""
    return _BRACKET.sub(lambda match: "\\]" if match["bracket"] else match[0], label)
