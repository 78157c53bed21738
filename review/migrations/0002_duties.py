# What waits on those who treat each proposal, as `review/next_steps/duties.py` says it.

from django.db import migrations

INSERT = """
INSERT INTO proposals_duty
    (proposal_id, kind, subject, dgo_id, organization_id, "group", since_at, due_at, until_at)
"""
SECRETARIAT = """
JOIN proposals_access a ON a.proposal_id = p.id
    AND a.function = 'recommend' AND a."group" = 'secretariat' AND a.until_at IS NULL
"""
ITEM = """
    SELECT i.proposal_id, g.meeting_date, g.published_at, d.recorded_at,
        (g.meeting_date + COALESCE(g.meeting_time, TIME '09:00')) AT TIME ZONE 'Europe/Copenhagen' AS meeting_at,
        g.meeting_date::timestamp AT TIME ZONE 'Europe/Copenhagen' AS day_at,
        (g.meeting_date + 1)::timestamp AT TIME ZONE 'Europe/Copenhagen' AS day_after_at
    FROM review_agendaitem i
    JOIN review_agenda g ON g.id = i.agenda_id
    LEFT JOIN review_decision d ON d.item_id = i.id
    WHERE g.released_at IS NULL
"""
ROUNDS_MEETING = "r.meeting_date::timestamp AT TIME ZONE 'Europe/Copenhagen'"

QUALIFYING = f"""{INSERT}
SELECT p.id, 'qualify', p.number, a.dgo_id, NULL::bigint, '',
    GREATEST(p.status_since, a.since_at), r.approval_deadline_at, NULL::timestamptz
FROM proposals_proposal p
JOIN proposals_round r ON r.id = p.round_id
JOIN proposals_access a ON a.proposal_id = p.id
    AND a.function = 'qualify' AND a.dgo_id IS NOT NULL AND a.until_at IS NULL
WHERE p.status = 'in_qualification'
UNION ALL
SELECT p.id, 'step_in', p.number, NULL, NULL, 'secretariat',
    GREATEST(p.status_since, date_trunc('second', r.approval_deadline_at) + INTERVAL '1 second'),
    r.approval_deadline_at, NULL
FROM proposals_proposal p
JOIN proposals_round r ON r.id = p.round_id
{SECRETARIAT}
WHERE p.status = 'in_qualification'
"""
RECOMMENDING = f"""{INSERT}
SELECT p.id, CASE WHEN done.checked_at IS NULL THEN 'check' ELSE 'recommend' END, p.number,
    NULL, NULL, 'secretariat', GREATEST(p.status_since, done.checked_at), {ROUNDS_MEETING}, NULL
FROM proposals_proposal p
JOIN proposals_round r ON r.id = p.round_id
{SECRETARIAT}
LEFT JOIN (
    SELECT c.proposal_id, c.checked_at
    FROM review_formalcheck c
    JOIN proposals_version v ON v.id = c.version_id
    WHERE c.checked_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM proposals_version newer
        WHERE newer.proposal_id = c.proposal_id AND newer.gate = 'approval'
            AND newer.number > v.number
    )
) done ON done.proposal_id = p.id
WHERE p.status = 'in_approval'
"""
PLACING = f"""{INSERT}
SELECT p.id,
    CASE WHEN item.proposal_id IS NULL THEN 'place' ELSE 'publish' END,
    COALESCE(item.meeting_date::text, p.number),
    NULL, NULL, 'secretariat', p.status_since, COALESCE(item.meeting_at, {ROUNDS_MEETING}), NULL
FROM proposals_proposal p
JOIN proposals_round r ON r.id = p.round_id
{SECRETARIAT}
LEFT JOIN ({ITEM}) item ON item.proposal_id = p.id
WHERE p.status = 'recommended' AND item.published_at IS NULL
"""
DECIDING = f"""{INSERT}
SELECT p.id, CASE WHEN item.recorded_at IS NULL THEN 'decide' ELSE 'release' END,
    item.meeting_date::text, NULL::bigint, NULL::bigint, 'secretariat',
    GREATEST(p.status_since, item.day_at, item.recorded_at), item.meeting_at, NULL::timestamptz
FROM proposals_proposal p
{SECRETARIAT}
JOIN ({ITEM}) item ON item.proposal_id = p.id
WHERE p.status = 'on_agenda'
UNION ALL
SELECT p.id, 'prepare', item.meeting_date::text, NULL, NULL, 'committee',
    p.status_since, item.meeting_at, item.day_after_at
FROM proposals_proposal p
JOIN proposals_access a ON a.proposal_id = p.id
    AND a.function = 'decide' AND a."group" = 'committee' AND a.until_at IS NULL
JOIN ({ITEM}) item ON item.proposal_id = p.id
WHERE p.status = 'on_agenda'
"""
FUNDING = f"""{INSERT}
SELECT p.id, 'consent', p.number, NULL::bigint, c.funder_id, '', c.asked_at, c.asked_at, NULL::timestamptz
FROM proposals_proposal p
JOIN review_funderconsent c ON c.proposal_id = p.id AND c.superseded_at IS NULL AND c.answer = ''
WHERE p.status = 'approved'
UNION ALL
SELECT p.id, CASE WHEN refused_at IS NULL THEN 'launch' ELSE 'retable' END, p.number,
    NULL, NULL, 'secretariat', turn.at, turn.at, NULL
FROM proposals_proposal p
{SECRETARIAT}
CROSS JOIN LATERAL (
    SELECT COUNT(*) FILTER (WHERE c.answer = '') AS pending,
        MIN(c.answered_at) FILTER (WHERE c.answer = 'refused') AS refused_at,
        MAX(c.answered_at) AS answered_at
    FROM review_funderconsent c
    WHERE c.proposal_id = p.id AND c.superseded_at IS NULL
) asked
CROSS JOIN LATERAL (
    SELECT COALESCE(refused_at, GREATEST(p.status_since, answered_at)) AS at
) turn
WHERE p.status = 'approved' AND (pending = 0 OR refused_at IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0005_duty"),
        ("review", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            [QUALIFYING, RECOMMENDING, PLACING, DECIDING, FUNDING], migrations.RunSQL.noop
        ),
    ]
