"""What the form asks and what is answered: one shape for the live text and for what was sent."""
