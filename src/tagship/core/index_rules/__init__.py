"""What PyPI accepts at an upload, as one rule a function."""
