"""Everything that can stop a release, found from gathered facts: a module a subject, a ``Finding`` for each thing."""
