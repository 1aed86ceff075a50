"""A GitHub release as values: the current state, the desired state, and the steps between them."""
