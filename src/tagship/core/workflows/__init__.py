"""GitHub workflow files: jobs, steps, publishing and references."""
