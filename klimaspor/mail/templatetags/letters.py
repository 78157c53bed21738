"""What letters need beyond the Danish words, and how the demo shows them."""

import re

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from klimaspor import danish
from klimaspor.fields import plain_text
from klimaspor.mail.words import named, unlinked

register = template.Library()
_ADDRESS = re.compile(r"[^\s@]+@[^\s@/]+")


@register.filter
def quoted(text: str) -> str:
    """Write what somebody else wrote with "> " before each line, whatever breaks its lines."""
    lines = plain_text(str(text)).splitlines()
    return SafeString("\n".join(f"> {unlinked(line)}".rstrip() for line in lines))


@register.filter
def address(text: str) -> str:
    """Write an address of the recipient's or ours, which may be copied as it stands and be a link."""
    line = danish.one_line(str(text))
    return SafeString(line) if _ADDRESS.fullmatch(line) else named(line)


@register.filter
def portal_links(text: str) -> SafeString:
    """Show a letter with its links to the portal as links, and everything escaped."""
    return format_html_join("", "{}", ((_link(part),) for part in re.split(r"(\s+)", text)))


def _link(part: str) -> str:
    if part.startswith(f"{settings.BASE_URL}/"):
        return format_html('<a href="{}">{}</a>', part, part)
    return part
