# Names, titles, places and addresses are one line, see `klimaspor/columns.py`.

from django.db import migrations

from klimaspor.columns import Address, Line, held, tidied


COLUMNS = {
    "advice": ("author_role",),
    "attachment": ("confidential_reason", "file_name", "title"),
    "budgetline": ("description",),
    "commitment": ("case_number",),
    "financing": ("source",),
    "participant": ("contact_email", "contact_name", "typed_name"),
    "proposal": ("title",),
    "proposalinvitation": ("email", "name"),
    "round": ("meeting_place", "name"),
    "searchtext": ("title",),
    "version": ("title",),
}


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0006_search_texts"),
    ]

    operations = [
        tidied("proposals", COLUMNS),
        migrations.AlterField(
            model_name="advice",
            name="author_role",
            field=Line(max_length=80),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="confidential_reason",
            field=Line(blank=True, max_length=300, verbose_name="hvorfor fortroligt"),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="file_name",
            field=Line(max_length=200),
        ),
        migrations.AlterField(
            model_name="attachment",
            name="title",
            field=Line(max_length=150, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="budgetline",
            name="description",
            field=Line(blank=True, max_length=200, verbose_name="hvad"),
        ),
        migrations.AlterField(
            model_name="commitment",
            name="case_number",
            field=Line(blank=True, max_length=60, verbose_name="jeres sagsnr."),
        ),
        migrations.AlterField(
            model_name="financing",
            name="source",
            field=Line(max_length=200, verbose_name="kilde"),
        ),
        migrations.AlterField(
            model_name="participant",
            name="contact_email",
            field=Address(blank=True, max_length=254, verbose_name="kontaktpersonens e-mail"),
        ),
        migrations.AlterField(
            model_name="participant",
            name="contact_name",
            field=Line(blank=True, max_length=150, verbose_name="kontaktperson"),
        ),
        migrations.AlterField(
            model_name="participant",
            name="typed_name",
            field=Line(blank=True, max_length=200, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="title",
            field=Line(blank=True, max_length=150, verbose_name="forslagets titel"),
        ),
        migrations.AlterField(
            model_name="proposalinvitation",
            name="email",
            field=Address(max_length=254, verbose_name="e-mailadresse"),
        ),
        migrations.AlterField(
            model_name="proposalinvitation",
            name="name",
            field=Line(blank=True, max_length=150, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="round",
            name="meeting_place",
            field=Line(blank=True, max_length=200, verbose_name="mødested"),
        ),
        migrations.AlterField(
            model_name="round",
            name="name",
            field=Line(max_length=60, unique=True, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="searchtext",
            name="title",
            field=Line(blank=True, max_length=150, verbose_name="titel"),
        ),
        migrations.AlterField(
            model_name="version",
            name="title",
            field=Line(max_length=150),
        ),
        held("proposals", COLUMNS),
    ]
