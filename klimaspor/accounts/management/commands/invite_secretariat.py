"""Invite the first of the secretariat; from then on they invite each other on the page."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from klimaspor.accounts import invitations
from klimaspor.accounts.models import Role
from klimaspor.refusals import Refused


class Command(BaseCommand):
    help = "Inviterer en medarbejder til sekretariatet og viser linket, der også står i brevet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mail", help="medarbejderens mailadresse")
        parser.add_argument("--navn", default="", help="medarbejderens navn")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["mail"])
        except ValidationError:
            raise CommandError(f"{options['mail']} er ikke en mailadresse.") from None
        try:
            sent = invitations.invite(
                email=options["mail"],
                name=options["navn"],
                role=Role.SECRETARIAT,
                by=None,
                at=timezone.now(),
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        link = settings.BASE_URL + reverse("accounts:invitation", args=[sent.token])
        self.stdout.write(
            f"{sent.invitations[0].email} er inviteret. Brevet ligger i udbakken, og linket er:"
        )
        self.stdout.write(link)
