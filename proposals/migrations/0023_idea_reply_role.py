from django.db import migrations, models

import klimaspor.columns


class Migration(migrations.Migration):
    dependencies = [("proposals", "0022_ideas_and_listing")]

    operations = [
        migrations.AddField(
            model_name="ideareply",
            name="author_role",
            field=klimaspor.columns.Line(default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="idea",
            name="moved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="givet videre"),
        ),
    ]
