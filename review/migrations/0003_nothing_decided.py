# What nobody wrote is no decision: see `review/decision/models.py`.

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def forget_what_nobody_wrote(apps, schema_editor):
    """Take away what the release itself wrote on free items: that they were noted, which nobody had decided."""
    apps.get_model("review", "Decision").objects.filter(
        item__proposal=None,
        outcome="noted",
        text="",
        reason="",
        recorded_at=F("released_at"),
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0006_search_texts"),
        ("review", "0002_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_reason",
        ),
        migrations.AlterField(
            model_name="decision",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("approved", "godkendt"),
                    ("with_conditions", "godkendt med betingelser"),
                    ("postponed", "udsat"),
                    ("sent_back", "sendt tilbage"),
                    ("rejected", "afslag"),
                    ("dropped", "udgår"),
                    ("noted", "taget til efterretning"),
                    ("nothing", "intet besluttet"),
                ],
                max_length=20,
                verbose_name="beslutning",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["approved", "noted", "nothing"]),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="decision_reason",
                violation_error_message="Skriv begrundelsen. Kun fuld godkendelse kan stå uden.",
            ),
        ),
        migrations.RunPython(forget_what_nobody_wrote, migrations.RunPython.noop),
    ]
