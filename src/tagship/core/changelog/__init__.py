"""Parse changelogs and find the section of a release."""
