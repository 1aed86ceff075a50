"""GitHub's REST API, as far as releases need it: one request, one step, one release brought to what is wanted."""
