"""An installed wheel: which one, what is asked of it, and what its answers mean."""
