# What is written of a decision before it is one: see `review/decision/models.py`.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0008_whose_word_it_is"),
        ("review", "0004_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="beslutningens ordlyd")),
                ("reason", models.TextField(blank=True, verbose_name="begrundelse")),
                ("conditions", models.TextField(blank=True, verbose_name="betingelser")),
                (
                    "back_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "kladde"),
                            ("qualified", "efter den faglige kvalificering"),
                        ],
                        max_length=20,
                        verbose_name="sendes tilbage til",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
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
                (
                    "recused",
                    models.TextField(blank=True, verbose_name="deltog ikke i sagens behandling"),
                ),
                ("edited_at", models.DateTimeField()),
                (
                    "back_to_round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.round",
                        verbose_name="til runden",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision_draft",
                        to="review.agendaitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "kladde til beslutning",
                "verbose_name_plural": "kladder til beslutninger",
            },
        ),
        migrations.AlterField(
            model_name="attendance",
            name="presence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("present", "til stede"),
                    ("absent", "fraværende"),
                    ("apologies", "afbud"),
                ],
                max_length=20,
                verbose_name="fremmøde",
            ),
        ),
    ]
