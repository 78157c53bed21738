"""What the pages of the procedure share beyond those of intake: the secretariat's way to its desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from proposals.line import pages

if TYPE_CHECKING:
    from klimaspor.pages import Crumbs


class SecretariatPage(pages.SecretariatPage):
    """A page on the way from the secretariat's desk."""

    def crumbs(self, *more: tuple[str | None, str]) -> Crumbs:
        desk = reverse("review:secretariat") if more else None
        return [("/", "Forside"), (desk, "Sekretariat"), *more]
