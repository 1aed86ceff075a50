"""A project's own checks: which they are, what they need, how they went, and the verdict over all jobs."""
