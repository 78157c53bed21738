import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def give_to_the_owner(apps, schema_editor):
    """Until now a dispensation was the proposal's, and in practice its owner used it."""
    dispensation = apps.get_model("proposals", "Dispensation")
    owner = apps.get_model("proposals", "Proposal").objects.filter(pk=OuterRef("proposal_id"))
    dispensation.objects.update(granted_to_id=Subquery(owner.values("owner_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0002_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="dispensation",
            name="granted_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dispensations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="givet til",
            ),
        ),
        migrations.RunPython(give_to_the_owner, migrations.RunPython.noop),
        # PostgreSQL alters no table that has checks of foreign keys waiting.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="dispensation",
            name="granted_to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dispensations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="givet til",
            ),
        ),
        migrations.AddField(
            model_name="dispensation",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taget tilbage"),
        ),
        migrations.AddField(
            model_name="dispensation",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="dispensation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="dispensation_withdrawn_pair",
                violation_error_message="En dispensation er enten taget tilbage af nogen eller ikke.",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="advice_days",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="Så længe før første frist skal DGO'en have teksten for at nå at komme med kommentarer.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(60),
                ],
                verbose_name="arbejdsdage til sparring",
            ),
        ),
        # A generated column cannot be changed, only made anew.
        migrations.RemoveIndex(model_name="proposal", name="proposal_search"),
        migrations.RemoveField(model_name="proposal", name="search"),
        migrations.AddField(
            model_name="proposal",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=SearchVector("title", "number", weight="A", config="danish")
                + SearchVector(
                    "challenges", "purpose", "effects", "activities", weight="B", config="danish"
                )
                + SearchVector(
                    "development", "plan_needs", "organization_text", weight="C", config="danish"
                )
                + SearchVector(
                    "effect_chain",
                    "risks",
                    "novelty",
                    "openness",
                    "joining",
                    "co_financing",
                    "finances",
                    "continuation",
                    "rus_areas",
                    "goals_text",
                    weight="D",
                    config="danish",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="proposal_search"
            ),
        ),
    ]
