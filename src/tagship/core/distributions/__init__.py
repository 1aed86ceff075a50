"""Built files: their metadata, and whether they match the tag and each other."""
