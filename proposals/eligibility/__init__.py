"""The requirements ("krav") and how a proposal stands to them."""
