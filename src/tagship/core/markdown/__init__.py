"""Markdown as GitHub reads it, and edits of its source that leave every other byte alone."""
