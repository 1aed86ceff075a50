"""Built files: what they say, whether they agree with the tag and each other, what is wrong with them."""
