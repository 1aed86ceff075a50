"""The checks that run before a release is built."""
