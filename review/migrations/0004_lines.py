# Names, titles, places and addresses are one line, see `klimaspor/columns.py`.

from django.db import migrations

from klimaspor.columns import Line, held, tidied


COLUMNS = {
    "agenda": ("place",),
    "agendaitem": ("title",),
    "attendance": ("name",),
    "criterion": ("code", "title"),
    "funderconsent": ("document_name",),
    "recusal": ("name",),
}


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0003_nothing_decided"),
    ]

    operations = [
        tidied("review", COLUMNS),
        migrations.AlterField(
            model_name="agenda",
            name="place",
            field=Line(blank=True, max_length=200, verbose_name="sted"),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="title",
            field=Line(max_length=200, verbose_name="titel"),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="name",
            field=Line(max_length=150, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="code",
            field=Line(max_length=10, verbose_name="nummer"),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="title",
            field=Line(max_length=120, verbose_name="titel"),
        ),
        migrations.AlterField(
            model_name="funderconsent",
            name="document_name",
            field=Line(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name="recusal",
            name="name",
            field=Line(max_length=150, verbose_name="navn"),
        ),
        held("review", COLUMNS),
    ]
