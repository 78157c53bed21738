"""Put in kommuner, regioner, DGOs, funders, rounds and criteria: what is missing, and never twice."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from klimaspor import danish
from review import reference


class Command(BaseCommand):
    help = "Lægger grunddata ind: kommuner, regioner, DGO'er, bidragydere, runder og kriterier. Kan køres igen og igen."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = reference.load(at=timezone.now())
        if options["verbosity"]:
            self.stdout.write(
                f"Lagde {danish.count_text(loaded, 'stykke', 'stykker')} grunddata ind."
                if loaded
                else "Alle grunddata var der i forvejen."
            )
