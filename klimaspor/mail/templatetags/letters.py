"""What letters need beyond the Danish words: other people's text, marked as theirs."""

from django import template

register = template.Library()


@register.filter
def quoted(text: str) -> str:
    """Write what somebody else wrote with "> " before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())
