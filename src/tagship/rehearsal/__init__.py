"""A whole release on one machine: an embedded GitHub, a package index and the pipeline between them."""
