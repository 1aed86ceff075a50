"""MyST and Material for MkDocs as GitHub's Markdown."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tagship.core.markdown.dialects import github_markdown
from tagship.core.sphinx.markup import Roles

ROLES = Roles(repository_url="https://github.com/o/n", extlinks={"bug": ("https://e.com/%s", "B%s")})

CASES = [
    ("{issue}`12` and {bug}`3`", "[#12](https://github.com/o/n/issues/12) and [B3](https://e.com/3)"),
    ("{class}`~a.B` {py:func}`c` {ref}`text <label>`", "`B` `c()` text"),
    ("`` {issue}`1` `` and \\{issue}`1`", "`` {issue}`1` `` and \\{issue}`1`"),
    ("```\n{issue}`1`\n```", "```\n{issue}`1`\n```"),
    (":::{note}\na\nb\n:::", "> [!NOTE]\n> a\n> b"),
    (":::{note} a\n:class: x\n\nb\n:::", "> [!NOTE]\n> a\n>\n> b"),
    ("::::{admonition} Title\n:::{tip}\na\n:::\n::::", "> [!NOTE]\n> **Title**\n>\n> > **Tip**\n> >\n> > a"),
    ("```{warning}\na\n```", "> [!WARNING]\n> a"),
    ("- a\n\n  ```{warning}\n  b\n  ```", "- a\n\n  > **Warning**\n  >\n  > b"),
    ("```{versionadded} 1.2\nText\n```", "*Added in version 1.2*: Text"),
    ("```{deprecated} 1.2 Text\n```", "*Deprecated since version 1.2*: Text"),
    ("```{code-block} python\n:linenos:\n\nx = {issue}`1`\n```", "```python\n\nx = {issue}`1`\n```"),
    ("```{seealso} a\n```", "> [!NOTE]\n> **See also**\n>\n> a"),
    (":::{dropdown} Title\na\n:::", "<details>\n<summary>Title</summary>\n\na\n\n</details>"),
    ("(label)=\n## Title", "## Title"),
    ("## Title {#id .class}", "## Title"),
    ('## 1.0 { id="1.0" }', "## 1.0"),
    ("[a](b){ .button }", "[a](b)"),
    (":material-check: a", "a"),
    ("!!! note\n\n    a\n\n    - b\n\nc", "> [!NOTE]\n> a\n>\n> - b\n\n\nc"),
    ('!!! danger "It is `x`"\n    a', "> [!CAUTION]\n> **It is `x`**\n>\n> a\n"),
    ('??? tip "Title"\n    a', "<details>\n<summary>Title</summary>\n\na\n\n</details>\n"),
    ("???+ tip\n    a", "<details open>\n<summary>Tip</summary>\n\na\n\n</details>\n"),
    ('=== "pip"\n\n    ```sh\n    x\n    ```\n', "**pip**\n\n\n```sh\nx\n```\n\n"),
    ("- a\n\n    !!! note\n        b", "- a\n\n    > **Note**\n    >\n    > b\n"),
]


@pytest.mark.parametrize(("source", "markdown"), CASES, ids=[case[0] for case in CASES])
def test_markup(source: str, markdown: str) -> None:
    """Markup that GitHub would show as text becomes its own."""
    assert github_markdown(source, ROLES) == (markdown, ())


@pytest.mark.parametrize(
    "text",
    [
        "# 1.0\r\n\r\n- a `{b}` {c} {\r\n",
        "```python\n{a: 1}\n```\n",
        "a ::: b\n\n=====\n",
        "!important\n",
        "C:\\x and 1:2",
        "    !!!\n",
        "",
    ],
)
def test_plain_markdown_stays_as_it_is(text: str) -> None:
    """Not one byte of it changes."""
    assert github_markdown(text, ROLES) == (text, ())


@pytest.mark.parametrize(
    ("source", "markdown", "remark"),
    [
        ("```{include} /etc/passwd\n```", "", 'The "include" directive of /etc/passwd is left out.'),
        ('--8<-- "/etc/passwd"', "", "The snippet '--8<-- \"/etc/passwd\"' is left out."),
        ("{nobody}`a`", "`a`", 'Unknown role "nobody": its text is shown as code.'),
        ("```{nobody} a\nb\n```", "**a**\n\nb", 'Unknown directive "nobody": its text is shown without it.'),
        ("{{ name }}", "{{ name }}", "The substitution {{ name }} is left as it is."),
    ],
)
def test_what_is_left_out_is_remarked(source: str, markdown: str, remark: str) -> None:
    """No file is read, and nothing is dropped silently."""
    assert github_markdown(source, ROLES) == (markdown, (remark,))


def test_a_fence_that_nobody_closes_goes_to_the_end() -> None:
    """That is how Markdown has it."""
    assert github_markdown(dedent("{issue}`1`\n\n```\n{issue}`2`\n"), ROLES).text.endswith("```\n{issue}`2`\n")
