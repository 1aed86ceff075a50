"""``tagship init``: the caller's workflow, written into a project, and the settings that go with it."""
