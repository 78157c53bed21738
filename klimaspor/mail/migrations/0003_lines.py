# Names, titles, places and addresses are one line, see `klimaspor/columns.py`.

from django.db import migrations

from klimaspor.columns import Address, Line, held, tidied


COLUMNS = {
    "mailattachment": ("name",),
    "outgoingmail": ("recipient", "subject"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0002_contact_and_standing"),
    ]

    operations = [
        tidied("mail", COLUMNS),
        migrations.AlterField(
            model_name="mailattachment",
            name="name",
            field=Line(max_length=150, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="recipient",
            field=Address(max_length=254, verbose_name="modtager"),
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="subject",
            field=Line(max_length=200, verbose_name="emne"),
        ),
        held("mail", COLUMNS),
    ]
