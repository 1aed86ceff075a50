"""The bootstrap of an action: installs its locked dependencies, and makes nothing else importable."""
