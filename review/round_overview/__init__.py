"""A round as the secretariat follows it: everything that was opened or sent, and what is late."""
