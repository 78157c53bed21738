"""Which answers about habilitet hold for whoever answers for a funder: not those about that funder's own part."""

from __future__ import annotations

from django.db import migrations, models

OF_THE_FUNDER_ALONE = """
UPDATE proposals_impartiality AS asked SET holds_for_funding = FALSE
FROM accounts_membership AS held
JOIN accounts_organization AS funder ON funder.id = held.organization_id
WHERE held.user_id = asked.user_id AND held.role = 'funder'
    AND asked.reason = 'Er knyttet til ' || funder.name || '.'
"""
"""The words that `impartiality.tie` writes of one organization."""


class Migration(migrations.Migration):
    dependencies = (("proposals", "0023_idea_reply_role"), ("accounts", "0008_lies_in"))

    operations = (
        migrations.AddField(
            model_name="impartiality",
            name="holds_for_funding",
            field=models.BooleanField("gælder også som bidragyder", default=True),
        ),
        migrations.RunSQL(OF_THE_FUNDER_ALONE, migrations.RunSQL.noop),
    )
