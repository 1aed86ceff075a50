"""``tagship init``: the release workflow of a project, and the settings that it requires."""
