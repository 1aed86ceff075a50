"""``python -m tagship``."""

from tagship.main import console

console()
