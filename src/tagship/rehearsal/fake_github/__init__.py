"""A GitHub for one machine: a process of its own, state on disk, as strict about releases as the real one.

``python -m tagship.rehearsal.fake_github --state DIR [--port 0] [--config FILE.json]`` prints one line of JSON when it
is ready, ``{"url": "http://127.0.0.1:PORT", "token": "..."}``, and serves until it is killed. Killed at any moment and
started again over the same folder it has every effect that it answered. ``process.serve`` does all that for a test.

Workflows do not run here: every run has an empty list of jobs.

The API stands at ``url`` (as api.github.com) and at ``url + "/api/v3"`` (as GitHub Enterprise Server); pages that
people read stand at ``url`` too. The token printed is the first one configured; without one it is a fresh installation
token (what ``GITHUB_TOKEN`` is) that may write contents and discussions of every repository.

The configuration is one JSON object, in the file or sent to ``POST /_rehearsal/config``; every key may be absent::

    {
      "repositories": [{
        "name": "octo/hello",
        "private": false,
        "default_branch": "main",
        "branches": {"main": "<commit sha>"},
        "tags": {"v1.0.0": "<commit sha>"},
        "commits": ["<sha of any other commit that exists>"],
        "git": "/path/of/a/clone/or/bare/repository",       # branches, tags, commits, files are read there as well
        "immutable_releases": false,
        "tag_rules": ["v*"],                                # tags that a publishing release may not create
        "burnt_tags": ["v0.9.0"],                           # once used by an immutable release, never again
        "discussion_categories": ["Announcements"],
        "releases": [{
          "tag_name": "v0.9.0", "name": "v0.9.0", "body": "", "draft": false, "prerelease": false,
          "target_commitish": "main", "immutable": false, "latest": false, "author": "octocat",
          "created_at": "2026-01-31T12:00:00Z", "published_at": "2026-01-31T12:00:00Z",
          "assets": [{"name": "a.whl", "label": null, "content": "text", "content_base64": "...", "file": "/path",
                      "content_type": "application/zip", "digest": true, "state": "uploaded"}]
        }]
      }],
      "tokens": [{
        "token": "secret", "login": "github-actions[bot]",
        "kind": "installation",                             # or "fine-grained", "classic": each is refused in its words
        "permissions": {"octo/hello": {"contents": "write", "discussions": "write", "administration": "read"}, "*": {}}
      }],
      "limits": {
        "primary": {"requests": 1000, "seconds": 3600, "status": 403},
        "content": [{"requests": 80, "seconds": 60}, {"requests": 500, "seconds": 3600}],
        "content_status": 403, "retry_after": true,         # the secondary limit, and whether it says how long to wait
        "assets": 1000, "asset_bytes": 2147483648, "body_characters": 125000
      },
      "latency": 0.0,                                       # seconds before each request is looked at
      "lag": 0.0,                                           # seconds until a write shows in what is read
      "faults": [{
        "method": "POST", "path": "/repos/*/releases",      # as fnmatch, without /api/v3 and query; both may be absent
        "nth": [1, 3],                                      # which matching requests, from 1; absent: every one
        "status": 502, "when": "after",                     # "before" (default) or "after" the effect
        "body": {"message": "Server Error"}, "headers": {"retry-after": "2"}
      }]
    }

The path of an upload begins with ``/uploads``. In place of ``status`` a fault may say ``"delay": 1.5`` (seconds,
``when`` as above), ``"drop": true`` (the connection is closed without an answer), ``"truncate": 20`` (only that many
bytes of the body are sent), ``"limit": "primary"`` or ``"secondary"`` (with ``"status": 429`` and ``"retry_after": 2``
or null), or ``"starter": true`` (an upload that fails with 502 and leaves its name held by an asset in the state
``starter``). Several rules may match: the first one whose turn it is acts, except that delays add up.

Releases and tags of a repository that exists already are left as they are; its settings are replaced. ``tokens`` add
up. ``limits``, ``latency``, ``lag`` and ``faults`` replace what stood. What a folder was configured with is kept in
it, and how often each fault was met; what is used up of the rate limits starts anew with the process.

Under ``/_rehearsal/``, from this machine only: ``GET requests`` (``?after=ID``) lists what was asked, in order, each
with id, method, path, query, status (null while unanswered), started, seconds, token (its kind), headers; ``GET
state`` shows repositories and releases (drafts too, with their assets) as they are on disk; ``POST config`` takes the
object above; ``POST tag`` ``{"repository": "octo/hello", "tag": "v1", "commit": "<sha>"}`` pushes a tag; null deletes
it, and its release is a draft again.
"""
