"""A participant's own answer ("tilsagn"), given by one person who was asked."""
