"""A local dry run of a whole release: the pipeline, an embedded GitHub and an embedded package index."""
