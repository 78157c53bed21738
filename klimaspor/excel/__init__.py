"""
The only place that knows Excel files: sheets of texts become an xlsx, and an xlsx that somebody sent becomes texts.

openpyxl writes and never opens what others made: as with Word that is read by our own few lines, after the same look at the
parcel. Who reads, in a process apart, does not load what writes.
"""
