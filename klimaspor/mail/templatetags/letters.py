"""What letters need beyond the Danish words, and how the demo shows them."""

import re

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def quoted(text: str) -> str:
    """Write what somebody else wrote with "> " before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


@register.filter
def portal_links(text: str) -> SafeString:
    """Show a letter with its links to the portal as links, and everything escaped."""
    return format_html_join("", "{}", ((_link(part),) for part in re.split(r"(\s+)", text)))


def _link(part: str) -> str:
    if part.startswith(f"{settings.BASE_URL}/"):
        return format_html('<a href="{}">{}</a>', part, part)
    return part
