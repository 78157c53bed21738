"""Writing the form: sections, answers and their versions, saved while one writes."""
