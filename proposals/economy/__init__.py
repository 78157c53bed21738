"""Budget and financing, one part of the form."""
