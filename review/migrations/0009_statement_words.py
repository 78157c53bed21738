"""What has been given keeps the words its criteria have now, the nearest there is to those it was judged by."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def freeze(apps, schema_editor):
    statements = apps.get_model("review", "Statement").objects
    criteria = apps.get_model("review", "Criterion").objects
    given = apps.get_model("review", "Qualification").objects.exclude(completed_at=None)
    said = set(statements.values_list("qualification_id", "criterion_id"))
    asked = {}
    for round_id, pk in criteria.values_list("round_id", "pk"):
        asked.setdefault(round_id, []).append(pk)
    statements.bulk_create(
        [
            statements.model(qualification_id=pk, criterion_id=criterion_id)
            for pk, round_id in given.exclude(outcome="waived").values_list(
                "pk", "version__round_id"
            )
            for criterion_id in asked.get(round_id, ())
            if (pk, criterion_id) not in said
        ],
        batch_size=2000,
    )
    of_statement = criteria.filter(pk=OuterRef("criterion_id"))
    statements.filter(qualification__in=given.values("pk")).update(
        **{
            name: Subquery(of_statement.values(column)[:1])
            for name, column in (("code", "code"), ("title", "title"), ("guidance", "text"))
        }
    )


class Migration(migrations.Migration):
    dependencies = (("review", "0008_statement_document"),)
    operations = (migrations.RunPython(freeze, migrations.RunPython.noop),)
