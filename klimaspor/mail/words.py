"""
Other people's words in our letters: it is seen whose they are, and nothing in them is one press away.

What they wrote in paragraphs is quoted (`quoted`), each line of it. A name or a title stands in our own sentence: on one
line, and between »« when it could be read as a sentence of ours.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.safestring import SafeString

from klimaspor import danish

LONGEST_NAME = 80
# A sentence that ends before the text does, and what else parts one saying from another; not "Jens P. Holm" or "Nr. Nebel".
_SENTENCES = re.compile(
    r"(?<!\b[A-ZÆØÅ])(?<!\b[A-ZÆØÅ][a-zæøå])(?<!\b[A-ZÆØÅ][a-zæøå][a-zæøå])\.\s+[A-ZÆØÅ]"
    r"|[!?:;…]\s|\s[-–—|•·]\s"
)
_QUOTES = str.maketrans({"»": "›", "«": "‹", '"': "'", "“": "'", "”": "'", "„": "'"})
# A word with a sign in it that a link could be made of: most have none, and need no look.
_LINKABLE = re.compile(r"(?<!\S)(?=[^\s:.@]*[:.@])\S+")
# Where the sign stands between two parts that a mail program would join to a link: no domain ends on one letter, as
# "a.m.b.a." does, or as the files do that people attach.
_JOINT = re.compile(
    r"(?<=:)(?=//)|(?<=@)(?=\w)"
    r"|(?<=\.)(?=[^\W\d_][\w-])(?!(?:pdf|docx|xlsx|pptx|png|jpe?g)(?![\w.-]))",
    re.IGNORECASE,
)


def named(value: object) -> SafeString:
    """Write a name, or what else is not text of ours, as it stands in a sentence of ours."""
    if isinstance(value, SafeString):
        return value
    line = titled(value)
    has_sentences = len(line) > LONGEST_NAME or _SENTENCES.search(line)
    return SafeString(f"»{line}«" if has_sentences else line)


def titled(value: object) -> SafeString:
    """Write what our sentence has between quotation marks, which it cannot end."""
    if isinstance(value, SafeString):
        return value
    return SafeString(unlinked(danish.one_line(str(value)).translate(_QUOTES)))


def unlinked(text: str) -> str:
    """
    Return text in which mail programs find no links but those to the portal, and no others look like one.

    A space parts an address: it is seen, so that whoever copies one knows, and no sign comes along that is not.
    """
    return _LINKABLE.sub(_unlink, text)


def _unlink(word: re.Match[str]) -> str:
    if word[0] == settings.BASE_URL or word[0].startswith(f"{settings.BASE_URL}/"):
        return word[0]
    return _JOINT.sub(" ", word[0])
