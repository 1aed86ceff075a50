"""The facts of a project, read from its files, its tags and its workflows."""
