"""A project's own checks: detection, requirements, results, and one verdict for many jobs."""
