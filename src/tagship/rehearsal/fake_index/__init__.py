"""An embedded package index that accepts and refuses what PyPI does."""
