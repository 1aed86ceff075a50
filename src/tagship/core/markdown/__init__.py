"""Parse Markdown as GitHub does, and edit its source without touching other bytes."""
