"""The pages of the procedure, and those that show both worlds; one module a stop."""
