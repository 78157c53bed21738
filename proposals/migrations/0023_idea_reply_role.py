from django.db import migrations

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
    ]
