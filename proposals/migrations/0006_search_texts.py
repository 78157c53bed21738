import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import klimaspor.search

BATCH = 500


def fill(apps, schema_editor):
    """Write a document of each text there is; a new database has none."""
    proposals = apps.get_model("proposals", "Proposal").objects.order_by("pk")
    keys = list(proposals.values_list("pk", flat=True))
    if keys:
        # It reads no more columns than it names, all of which stand here.
        from proposals.search.steps import index  # noqa: PLC0415 - a new database needs none of it

        for start in range(0, len(keys), BATCH):
            index(keys[start : start + BATCH])


class Migration(migrations.Migration):
    dependencies = [("proposals", "0005_duty")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "det, der skrives nu"),
                            (2, "det, der sidst er sendt"),
                            (3, "det, der sidst er sendt til godkendelsesforløb"),
                        ],
                        verbose_name="tekst",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=150, verbose_name="titel")),
                ("names", klimaspor.search.DocumentField()),
                ("document", klimaspor.search.DocumentField()),
                (
                    "proposal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="proposals.proposal",
                    ),
                ),
            ],
            options={"verbose_name": "søgetekst", "verbose_name_plural": "søgetekster"},
        ),
        migrations.AddConstraint(
            model_name="searchtext",
            constraint=models.UniqueConstraint(
                fields=("proposal", "edition"),
                name="searchtext_once",
                violation_error_message="Søgeteksten findes allerede.",
            ),
        ),
        migrations.AddConstraint(
            model_name="searchtext",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition__in", [1, 2, 3])),
                name="searchtext_edition_known",
                violation_error_message="Ukendt tekst.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        # PostgreSQL alters no table that has checks of foreign keys waiting.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["document"], name="searchtext_document"
            ),
        ),
        migrations.RemoveIndex(model_name="proposal", name="proposal_search"),
        migrations.RemoveIndex(model_name="version", name="version_search"),
        migrations.RemoveField(model_name="proposal", name="search"),
        migrations.RemoveField(model_name="version", name="search"),
        migrations.RemoveField(model_name="version", name="search_text"),
    ]
