"""What makes the tests quick and steady, so that whoever writes one need not think of it."""
