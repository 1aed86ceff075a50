"""``tagship doctor``: the problems of a project in a clone that prevent a safe release."""
