"""Whether a gate takes a proposal in: deadlines, leave from one ("dispensation"), and the way to the meeting."""
