"""The client of GitHub's REST API: requests with retries, and one release reconciled."""
