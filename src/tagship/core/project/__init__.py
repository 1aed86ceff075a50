"""What a project declares in its own files."""
