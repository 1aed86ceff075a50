"""Everything outside the process: the runner, git, child processes, environments, files, the package index."""
