"""Verification of a wheel in a fresh environment: choice of the wheel, checks, and their messages."""
