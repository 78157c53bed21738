from django.db import migrations, models
from django.db.models import F, Q

from proposals.rounds.models import usual_dgo_deadline


def give_each_round_its_term(apps, schema_editor):
    """Let each round have the usual term."""
    for round_ in apps.get_model("proposals", "Round").objects.order_by("pk"):
        round_.dgo_deadline_at = usual_dgo_deadline(
            round_.qualification_deadline_at, round_.approval_deadline_at
        )
        round_.save(update_fields=["dgo_deadline_at"])


UNTIL_THEN = """
UPDATE proposals_duty AS duty SET due_at = round.dgo_deadline_at
FROM proposals_proposal AS proposal JOIN proposals_round AS round ON round.id = proposal.round_id
WHERE proposal.id = duty.proposal_id AND duty.kind = 'qualify' AND duty.done_at IS NULL
"""
"""What waits with a DGO waits until then."""


class Migration(migrations.Migration):
    dependencies = [("proposals", "0020_back_notes")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="dgo_deadline_at",
            field=models.DateTimeField(null=True, verbose_name="DGO'ens svarfrist"),
        ),
        migrations.RunPython(give_each_round_its_term, migrations.RunPython.noop),
        migrations.RunSQL([UNTIL_THEN], migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="round",
            name="dgo_deadline_at",
            field=models.DateTimeField(verbose_name="DGO'ens svarfrist"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=Q(dgo_deadline_at__gt=F("qualification_deadline_at"))
                & Q(dgo_deadline_at__lt=F("approval_deadline_at")),
                name="round_dgo_deadline_between",
                violation_error_message="DGO'ens svarfrist skal ligge efter første frist og før anden frist.",
            ),
        ),
    ]
