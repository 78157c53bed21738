"""
Columns that hold one line: a person's or an organization's name, a title, a place, the name of a file, an address.

Whoever writes the row, a form, an identity provider, a file or a command, it is tidied as `danish.one_line` has it, and
the database refuses a line break, a control sign or one that turns the writing around, however it came there. Letters
carry these in our own sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, migrations, models, transaction

from klimaspor import danish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Combinable

REFUSED = r"[\u0001-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
"""In PostgreSQL's words; what else `danish.one_line` takes out is only taken out."""


if TYPE_CHECKING:
    TextColumn = models.CharField[str | Combinable, str]
    AddressColumn = models.EmailField[str | Combinable, str]
else:
    # They take no types at run time.
    TextColumn, AddressColumn = models.CharField, models.EmailField


class OneLine:
    """What the columns share."""

    attname: str
    column: Any

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]  # the column's
        return danish.one_line(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - Django's own
        value = getattr(model_instance, self.attname)
        if isinstance(value, str):
            # What was just written is shown and mailed from the same object.
            value = danish.one_line(value)
            setattr(model_instance, self.attname, value)
        return value

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        return f"{connection.ops.quote_name(self.column)} !~ '{REFUSED}'"


class Line(OneLine, TextColumn):
    """A name, a title or a place."""


class Address(OneLine, AddressColumn):
    """An e-mail address."""


def tidied(app: str, columns: dict[str, tuple[str, ...]]) -> migrations.RunPython:
    """
    Tidy what stands in an app's columns, so that they can become columns of one line.

    Two that are then the same where that may not be are told apart by their key.
    """

    def tidy(apps: Any, schema_editor: Any) -> None:
        for name, fields in columns.items():
            model = apps.get_model(app, name)
            for field in fields:
                _tidy(model, field)
        # A table with checks still to be made cannot be changed.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return migrations.RunPython(tidy, migrations.RunPython.noop)


def held(app: str, columns: dict[str, tuple[str, ...]]) -> migrations.RunPython:
    """Let the database hold an app's columns to it: a new table does so by itself, one that is altered does not."""

    def hold(apps: Any, schema_editor: Any) -> None:
        for table, column, check in _checks(apps, schema_editor, app, columns):
            name = f"{table}_{column}_one_line"
            schema_editor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" CHECK ({check})')

    def let_go(apps: Any, schema_editor: Any) -> None:
        for table, column, _ in _checks(apps, schema_editor, app, columns):
            name = f"{table}_{column}_one_line"
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')

    return migrations.RunPython(hold, let_go)


def _checks(
    apps: Any, schema_editor: Any, app: str, columns: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, str]]:
    for name, fields in columns.items():
        meta = apps.get_model(app, name)._meta
        for field in map(meta.get_field, fields):
            yield meta.db_table, field.column, field.db_check(schema_editor.connection)


def _tidy(model: Any, field: str) -> None:
    column = model._meta.get_field(field)
    for pk, text in model.objects.filter(**{f"{field}__regex": REFUSED}).values_list("pk", field):
        line = danish.one_line(text)
        for apart in (_as_it_is, _told_apart(pk, is_address="@" in line)):
            try:
                with transaction.atomic():
                    model.objects.filter(pk=pk).update(**{field: apart(line)[: column.max_length]})
            except IntegrityError:
                continue
            break


def _as_it_is(line: str) -> str:
    return line


def _told_apart(pk: int, *, is_address: bool) -> Callable[[str], str]:
    return lambda line: f"{pk}.{line}" if is_address else f"{pk} {line}"
