"""Finding proposals: a document of each text that is read, kept right by whoever changes it."""
