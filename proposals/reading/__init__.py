"""Which text a person reads, its versions, and what differs between two."""
