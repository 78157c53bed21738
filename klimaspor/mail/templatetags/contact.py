"""Whom to write to and call, in pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from klimaspor.dkfds.templatetags.danish import telefon
from klimaspor.mail import contact

register = template.Library()


@register.simple_tag
def kontakt(asks: bool = True) -> SafeString:  # noqa: FBT001, FBT002 - a tag is given what stands in it
    """
    Write how to reach the secretariat, after "Skriv til": "klimaalliancen@kl.dk, eller ring på 12 34 56 78".

    A page that is shown because something is away says that it does not ask.
    """
    whom = contact.known(asks=asks)
    written = format_html('<a href="mailto:{}">{}</a>', whom.email, whom.email)
    if whom.phone:
        written = format_html("{}, eller ring på {}", written, telefon(whom.phone))
    return written
