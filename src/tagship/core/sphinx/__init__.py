"""Sphinx: its roles, and the settings of a ``conf.py``."""
