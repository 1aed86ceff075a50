"""reStructuredText changelogs: the outline is read without docutils, the notes of one section are written with it."""
