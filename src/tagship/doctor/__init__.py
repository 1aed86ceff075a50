"""``tagship doctor``: what stands between a project, as it lies in a clone, and a safe release."""
