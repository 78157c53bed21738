"""Who takes part ("deltagere"), one part of the form."""
