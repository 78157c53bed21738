"""
The proposal as a Word file, and a Word file as answers: the form to write in, the full print, and the RUS form.

Each question is a heading with a bookmark that names it and the version of its answer. Word and LibreOffice keep both when
they save; where a bookmark is gone the heading's words are enough.
"""

from proposals.wordform.reading import FORM, RUS, NotOurs, Reading, read
from proposals.wordform.writing import write_form, write_print, write_rus

__all__ = ["FORM", "RUS", "NotOurs", "Reading", "read", "write_form", "write_print", "write_rus"]
