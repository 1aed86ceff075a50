"""Built files: their metadata, their agreement with the tag and with each other, and what is wrong with them."""
