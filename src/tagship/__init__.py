"""The package: the command line, and the modules that start and render everything."""
