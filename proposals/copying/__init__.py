"""A new draft from a proposal one is a party to."""
