"""Decisions as functions of values: no file, process, clock, network or environment."""
