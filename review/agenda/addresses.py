"""How the day of a meeting stands in addresses."""

from datetime import date

from django.urls import register_converter


class IsoDate:
    """A date as 2027-05-27."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(IsoDate, "date")
