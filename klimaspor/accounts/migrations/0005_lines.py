# Names, titles, places and addresses are one line, see `klimaspor/columns.py`.

from django.db import migrations

from klimaspor.columns import Address, Line, held, tidied


COLUMNS = {
    "dgo": ("area", "behind", "contact_email", "contact_name", "contact_phone", "name"),
    "invitation": ("email", "name"),
    "organization": ("code", "name", "region_code"),
    "organizationrequest": ("name",),
    "user": ("email", "name", "phone"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_two_steps"),
    ]

    operations = [
        tidied("accounts", COLUMNS),
        migrations.AlterField(
            model_name="dgo",
            name="area",
            field=Line(max_length=120, verbose_name="område"),
        ),
        migrations.AlterField(
            model_name="dgo",
            name="behind",
            field=Line(blank=True, max_length=200, verbose_name="hvem står bag"),
        ),
        migrations.AlterField(
            model_name="dgo",
            name="contact_email",
            field=Address(blank=True, max_length=254, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            model_name="dgo",
            name="contact_name",
            field=Line(blank=True, max_length=120, verbose_name="kontaktperson"),
        ),
        migrations.AlterField(
            model_name="dgo",
            name="contact_phone",
            field=Line(blank=True, max_length=30, verbose_name="telefon"),
        ),
        migrations.AlterField(
            model_name="dgo",
            name="name",
            field=Line(max_length=120, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=Address(max_length=254, verbose_name="e-mailadresse"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="name",
            field=Line(blank=True, max_length=150, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="code",
            field=Line(blank=True, max_length=10, verbose_name="kommune- eller regionskode"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="name",
            field=Line(max_length=200, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="region_code",
            field=Line(blank=True, max_length=10, verbose_name="regionskode"),
        ),
        migrations.AlterField(
            model_name="organizationrequest",
            name="name",
            field=Line(max_length=200, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=Address(max_length=254, unique=True, verbose_name="e-mailadresse"),
        ),
        migrations.AlterField(
            model_name="user",
            name="name",
            field=Line(max_length=150, verbose_name="navn"),
        ),
        migrations.AlterField(
            model_name="user",
            name="phone",
            field=Line(blank=True, max_length=30, verbose_name="telefon"),
        ),
        held("accounts", COLUMNS),
    ]
