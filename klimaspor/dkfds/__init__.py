"""The crispy-forms template pack for Det Fælles Designsystem, and what templates need to speak it."""
