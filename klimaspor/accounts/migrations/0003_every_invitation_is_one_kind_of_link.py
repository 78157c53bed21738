import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_organization_requests_and_loaded_reference")]

    operations = [
        migrations.RenameField("invitation", "created_at", "sent_at"),
        migrations.RenameField("invitation", "created_by", "sent_by"),
        migrations.AlterField(
            model_name="invitation",
            name="sent_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
