"""The thin rim: the runner, git, processes, environments, the index and GitHub. Only here are processes started."""
