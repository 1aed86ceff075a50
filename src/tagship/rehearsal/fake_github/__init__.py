"""Embedded GitHub: the releases API of github.com and GitHub Enterprise Server, with its rules and refusals.

``server.serve`` runs it in a thread of the caller. Its state is in memory, and the bytes of assets are files below the
folder it gets. ``fixtures`` adds repositories, releases and assets; ``app.Settings`` sets limits and delays.

The API is at ``url`` as on api.github.com, and at ``url + "/api/v3"`` as on GitHub Enterprise Server. It serves what
releases need: releases, assets and their downloads, generated notes, references, annotated tags and the attestations of
immutable releases, unsigned. The page of a release is empty, and so is the list of jobs of a workflow run.
"""
