"""Push a tag, ship a release: composite GitHub Actions for Python packages, each a thin shell over one module here."""
