"""
The only place that knows Word files: blocks become a docx, and a docx that somebody sent becomes blocks.

python-docx writes and never opens what others made: that is read by our own few lines, after a look at the parcel.
"""

from klimaspor.word.guard import MAX_BYTES, Unreadable, look
from klimaspor.word.reading import Document, Paragraph, Table, joined, read
from klimaspor.word.writing import (
    ASIDE,
    GUIDANCE,
    Box,
    Choices,
    Grid,
    Heading,
    Mark,
    Note,
    Pair,
    Pairs,
    Prose,
    Title,
    essence,
    write,
)

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

__all__ = [
    "ASIDE",
    "GUIDANCE",
    "MAX_BYTES",
    "MIME",
    "Box",
    "Choices",
    "Document",
    "Grid",
    "Heading",
    "Mark",
    "Note",
    "Pair",
    "Pairs",
    "Paragraph",
    "Prose",
    "Table",
    "Title",
    "Unreadable",
    "essence",
    "joined",
    "look",
    "read",
    "write",
]
