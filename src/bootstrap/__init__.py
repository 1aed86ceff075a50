"""From a bare interpreter to a running action: its locked dependencies installed, and nothing else importable."""
