"""The assessment as a document: frozen, amended, signed by others, answered within a term."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from klimaspor import danish
from klimaspor.accounts.models import Role, User
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import Missing
from klimaspor.seen import Changed
from proposals.drafting import steps as drafting
from proposals.drafting.dgo import change_dgo
from proposals.line.lifecycle import Status
from proposals.line.models import IllegalTransition
from review.criteria import steps as criteria
from review.criteria.models import Criterion
from review.papers.case import Known, case_of
from review.qualification import holding
from review.qualification import steps as qualification
from review.qualification.models import Judgment, Outcome, Qualification
from review.qualification.seen import Words, shown_qualification
from review.qualification.shown import document, since_return
from review.recommendation import steps as recommendation
from tests.factories import walk
from tests.factories.intake import give_role, person
from tests.factories.walk import World, a_world, day, proposal_at

if TYPE_CHECKING:
    from proposals.line.models import Proposal
    from tests.pages import Pages

pytestmark = pytest.mark.django_db


def standing(proposal: Proposal) -> Qualification:
    given = qualification.standing_assessment(proposal)
    assert given is not None
    return given


def criteria_of(given: Qualification) -> list[tuple[str, str, str, str]]:
    return [
        (str(row["criterion"]), row["criterion"].text, row["judgment"], row["text"])
        for row in document(given)["criteria"]
    ]


def written(world: World, proposal: Proposal, **changes: object) -> Qualification:
    """An assessment that is begun and written, and not given."""
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))
    words = Words(
        **{  # type: ignore[arg-type]  # the changes of one test
            "outcome": Outcome.RECOMMENDED,
            "summary": "Godt.",
            "statements": {one.pk: f"Om {one.title}" for one in world.criteria},
            **changes,
        }
    )
    return qualification.save(
        qualification_pk=begun.pk, words=words, by=world.cast.adviser, at=day(1)
    )


def give(draft: Qualification, world: World, *, by: User | None = None, **more: bool) -> None:
    draft.proposal.refresh_from_db()
    qualification.complete(
        qualification_pk=draft.pk,
        revision=draft.proposal.revision,
        by=by or world.cast.adviser,
        at=day(1),
        **more,  # type: ignore[arg-type]  # whether empty criteria are known of
    )


def amend(world: World, proposal: Proposal, **changes: object) -> Qualification:
    given = standing(proposal)
    stands = Words.of(given)
    return qualification.amend(
        proposal_pk=proposal.pk,
        words=Words(
            outcome=stands.outcome,
            summary=str(changes.get("summary", "Nu med forbehold.")),
            statements=stands.statements,
            judgments=stands.judgments,
        ),
        reason=str(changes.get("reason", "Et tal var forkert.")),
        by=world.cast.adviser,
        at=changes.get("at", day(2)),  # type: ignore[arg-type]  # the same
    )


# Judged by


def test_what_was_given_keeps_the_words_it_was_judged_by() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    first = world.criteria[0]
    Criterion.objects.filter(pk=first.pk).update(text="Hvor meget, og hvordan måles det?")
    draft = written(world, proposal, judgments={first.pk: Judgment.PARTLY})
    give(draft, world)
    Criterion.objects.filter(pk=first.pk).update(title="Biodiversitet", text="Noget andet")

    given = standing(proposal)

    assert criteria_of(given)[0] == (
        "V1 Klimaeffekt",
        "Hvor meget, og hvordan måles det?",
        "delvist opfyldt",
        "Om Klimaeffekt",
    )
    version = proposal.versions.get()
    case = case_of(version, Known.about([version], day(9)))
    assert case.assessment is not None
    assert case.assessment.criteria[0].title == "Klimaeffekt"
    assert case.assessment.criteria[0].judgment == "delvist opfyldt"


def test_a_criterion_that_was_removed_before_it_was_written_about_still_stands_where_it_was_empty() -> (
    None
):
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    first = world.criteria[0]
    give(written(world, proposal, statements={first.pk: "Ja"}), world, anyway=True)

    with pytest.raises(criteria.InUse):
        criteria.remove(criterion_pk=world.criteria[1].pk, by=world.cast.secretariat)

    assert [row[3] for row in criteria_of(standing(proposal))] == ["Ja", "", ""]


def test_a_criterion_takes_the_place_of_another_and_what_was_judged_stays() -> None:
    world = a_world()
    judged = proposal_at(Status.QUALIFIED, world)
    begun = written(world, proposal_at(Status.IN_QUALIFICATION, world))
    old = world.criteria[1]

    criteria.replace(
        criterion_pk=old.pk,
        code="V9",
        title="Læring",
        text="",
        is_placeholder=False,
        by=world.cast.secretariat,
    )

    asked = [str(one) for one in Criterion.objects.of_round(world.round).asked().listed()]
    assert asked == ["V1 Klimaeffekt", "V9 Læring", "V3 Realisme"]
    assert [row[0] for row in criteria_of(standing(judged))] == [
        "V1 Klimaeffekt",
        "V2 Nyhedsværdi",
        "V3 Realisme",
    ]
    # What is written about it already is not lost, and still shown to whoever wrote it.
    draft = Qualification.objects.with_statements().get(pk=begun.pk)
    assert [row[0] for row in criteria_of(draft)] == [
        "V1 Klimaeffekt",
        "V2 Nyhedsværdi",
        "V9 Læring",
        "V3 Realisme",
    ]
    with pytest.raises(criteria.Replaced, match="allerede afløst af V9 Læring"):
        criteria.replace(
            criterion_pk=old.pk,
            code="V10",
            title="Mere",
            text="",
            is_placeholder=False,
            by=world.cast.secretariat,
        )


def test_the_edit_page_of_a_criterion_that_was_judged_by_offers_a_new_one(
    pages: Pages, world: World
) -> None:
    proposal_at(Status.QUALIFIED, world)
    first = world.criteria[0]
    pages.as_(world.cast.secretariat)

    page = pages.get(f"/administration/kriterier/punkt/{first.pk}/")

    assert "De viser stadig den titel og tekst, det havde, da de blev afgivet." in page.text
    new = f"/administration/kriterier/punkt/{first.pk}/afloes/"
    assert new in page.links
    assert pages.get(new).value("title") == "Klimaeffekt"


# Empty criteria


def test_empty_criteria_are_asked_about_by_name_before_it_is_given() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    first, second, third = world.criteria
    draft = written(
        world, proposal, statements={first.pk: "Ja"}, judgments={second.pk: Judgment.UNKNOWN}
    )

    with pytest.raises(qualification.CriteriaEmpty, match="om V3 Realisme") as refusal:
        give(draft, world)

    assert refusal.value.criteria == (third,)
    proposal.refresh_from_db()
    assert proposal.status == Status.IN_QUALIFICATION
    give(draft, world, anyway=True)
    proposal.refresh_from_db()
    assert proposal.status == Status.QUALIFIED


def test_the_last_look_lists_them_and_one_press_gives_it(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    written(world, proposal, statements={world.criteria[0].pk: "Ja"})
    url = f"/kvalificering/{proposal.number}/afgiv/"

    page = pages.as_(world.cast.adviser).get(url)

    assert page.primary == ["Afgiv alligevel"]
    assert "Der er ikke skrevet noget om V2 Nyhedsværdi V3 Realisme" in page.text
    pages.press(url, {"revision": proposal.revision, "anyway": "1"} | pages.seen(url))
    proposal.refresh_from_db()
    assert proposal.status == Status.QUALIFIED


def test_whoever_steps_in_is_asked_first_and_loses_nothing(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    url = f"/sekretariat/traed-ind/{proposal.number}/"
    typed = {
        "revision": proposal.revision,
        "outcome": "recommended",
        "summary": "Fint",
        "tested": "Metoden",
        f"judgment_{world.criteria[0].pk}": "met",
        "reason": "DGO'en svarer ikke.",
    }
    pages.as_(world.cast.secretariat)

    page = pages.post(url, typed | pages.seen(url), status=200)

    assert page.primary == ["Afgiv alligevel"]
    assert page.value("tested") == "Metoden"
    pages.press(url, typed | pages.seen(url) | {"anyway": "1"})
    given = standing(proposal)
    assert (given.tested, criteria_of(given)[0][2]) == ("Metoden", "opfyldt")


# Who has it


def test_who_has_it_follows_who_begins_returns_and_gives() -> None:
    world = a_world()
    other = person("Rikke Rådgiver")
    give_role(other, Role.DGO_ADVISER, dgo=world.cast.dgo)
    begun = proposal_at(Status.IN_QUALIFICATION, world)
    returned = proposal_at(Status.IN_QUALIFICATION, world)
    given = proposal_at(Status.IN_QUALIFICATION, world)
    stepped = proposal_at(Status.IN_QUALIFICATION, world)

    qualification.begin(proposal_pk=begun.pk, by=other, at=day(1))
    qualification.begin(proposal_pk=begun.pk, by=world.cast.adviser, at=day(1))
    qualification.return_for_changes(
        proposal_pk=returned.pk,
        revision=returned.revision,
        reasons={"effekt": "Skriv tal."},
        answer_date=date(2027, 4, 22),
        by=other,
        at=day(1),
    )
    draft = written(world, given)
    holding.pass_on(proposal_pk=draft.proposal_id, to_user=None, note="", by=other, at=day(1))
    give(draft, world, by=other)
    qualification.complete_for_dgo(
        proposal_pk=stepped.pk,
        revision=stepped.revision,
        words=Words(outcome=Outcome.RECOMMENDED, summary="Ja"),
        reason="Stille.",
        anyway=True,
        by=world.cast.secretariat,
        at=day(1),
    )

    has_it = [one.qualifications.get().assigned_to for one in (begun, returned, given, stepped)]
    assert has_it == [other, other, other, None]


# What changed since the return


def test_what_was_asked_for_is_marked_and_what_nobody_asked_for_too(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    qualification.return_for_changes(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reasons={"effekt": "Skriv tal.", "oekonomi": "Mangler år."},
        answer_date=date(2027, 4, 22),
        by=world.cast.adviser,
        at=day(1),
    )
    proposal.refresh_from_db()
    assert since_return(proposal, proposal.versions.get()) is None
    for section, name in (("effekt", "effects"), ("periode", "organization_text")):
        drafting.save_section(
            proposal_pk=proposal.pk,
            slug=section,
            answers={name: "Skrevet om."},
            by=world.cast.owner,
            at=day(2),
        )
    walk.submit(proposal, world, at=day(3))

    shown = since_return(proposal, proposal.versions.newest_first()[0])

    assert shown is not None
    assert {
        name: [(row["title"], row["asked"], row["labels"]) for row in shown[name]]
        for name in ("done", "undone", "unasked")
    } == {
        "done": [("Effekt og tiltag", "Skriv tal.", ["Effekt"])],
        "undone": [("Økonomi og medfinansiering", "Mangler år.", [])],
        "unasked": [("Periode og organisering", "", ["Partnere og projektorganisering"])],
    }
    page = pages.as_(world.cast.adviser).get(f"/kvalificering/{proposal.number}/")
    assert "I bad om det, og det er ikke ændret Økonomi og medfinansiering" in page.text
    assert "Ændret, uden at I bad om det Periode og organisering" in page.text
    assert f"/forslag/{proposal.number}/sammenlign/1/2/" in page.links


# Amended


def test_it_is_given_once_and_changed_by_a_new_one_that_says_why(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    first = standing(proposal)
    qualification.reply(proposal_pk=proposal.pk, text="Tak.", by=world.cast.owner, at=day(1))

    amended = amend(world, proposal)

    assert (standing(proposal), amended.amends) == (amended, first)
    assert (amended.reply, amended.version) == ("", first.version)
    assert amended.reply_due_at == qualification.reply_due_at(proposal, at=day(2))
    assert criteria_of(standing(proposal)) == criteria_of(first)
    first.refresh_from_db()
    assert (first.summary[:16], first.reply) == ("Et stærkt forsla", "Tak.")
    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")
    assert "Udtalelsen er ændret. Begrundelse: Et tal var forkert." in page.text
    assert "Et stærkt forslag." in page.text
    told = OutgoingMail.objects.filter(name="amended").order_by("recipient")
    assert [mail.recipient for mail in told] == sorted(
        one.email
        for one in (
            world.cast.owner,
            world.cast.adviser,
            world.cast.secretariat,
            world.cast.colleague,
        )
    )
    mine = OutgoingMail.objects.get(name="amended", recipient=world.cast.owner.email).body
    assert "> Et tal var forkert." in mine
    assert danish.datetime_text(amended.reply_due_at).replace("\xa0", " ") in mine
    assert proposal.events.of_transition("amended").get().reason == "Et tal var forkert."


def test_an_amendment_that_is_opened_again_leaves_nothing_standing() -> None:
    world = a_world()
    proposal = proposal_at(Status.QUALIFIED, world)
    amend(world, proposal)
    proposal.refresh_from_db()

    recommendation.correct(
        proposal_pk=proposal.pk,
        revision=proposal.revision,
        reason="Trykket forkert.",
        by=world.cast.secretariat,
        at=day(3),
    )

    assert qualification.standing_assessment(proposal) is None


def test_an_amendment_is_signed_by_the_dgo_that_has_it_now() -> None:
    world = a_world()
    proposal = proposal_at(Status.QUALIFIED, world)
    given = standing(proposal)
    words = Words.of(given)
    change_dgo(
        proposal_pk=proposal.pk,
        dgo=world.cast.other_dgo,
        reason="Flyttet.",
        by=world.cast.secretariat,
        at=day(2),
    )

    amended = qualification.amend(
        proposal_pk=proposal.pk,
        words=Words(outcome=words.outcome, summary="Et andet"),
        reason="Nyt syn.",
        bases=shown_qualification(given).bases,
        anyway=True,
        by=world.cast.other_adviser,
        at=day(3),
    )

    assert (given.dgo, amended.dgo) == (world.cast.dgo, world.cast.other_dgo)


def test_an_amendment_says_why_and_changes_something() -> None:
    world = a_world()
    proposal = proposal_at(Status.QUALIFIED, world)

    with pytest.raises(Missing, match="hvorfor udtalelsen ændres"):
        amend(world, proposal, reason=" ")
    with pytest.raises(Missing, match="ikke ændret noget"):
        amend(world, proposal, summary=standing(proposal).summary)

    assert Qualification.objects.count() == 1


def test_the_second_of_two_amendments_has_seen_the_first() -> None:
    world = a_world()
    proposal = proposal_at(Status.QUALIFIED, world)
    given = standing(proposal)
    bases = shown_qualification(given).bases
    words = Words.of(given)
    amend(world, proposal)

    with pytest.raises(Changed):
        qualification.amend(
            proposal_pk=proposal.pk,
            words=Words(outcome=words.outcome, summary="Min"),
            reason="Min grund",
            bases=bases,
            by=world.cast.adviser,
            at=day(2),
        )


def test_nothing_is_amended_once_the_papers_are_out() -> None:
    world = a_world()
    proposal = proposal_at(Status.RECOMMENDED, world)
    amend(world, proposal, at=day(5))
    walk.publish(walk.an_agenda(world, proposal), world)

    with pytest.raises(IllegalTransition):
        amend(world, proposal, summary="For sent.", at=day(6))


def test_the_papers_hold_the_amended_and_the_first() -> None:
    world = a_world()
    proposal = proposal_at(Status.QUALIFIED, world)
    amend(world, proposal)
    version = proposal.versions.get()

    assessment = case_of(version, Known.about([version], day(9))).assessment

    assert assessment is not None
    assert assessment.earlier is not None
    assert (assessment.amended, assessment.summary) == ("Et tal var forkert.", "Nu med forbehold.")
    assert assessment.earlier.summary.startswith("Et stærkt forslag.")


def test_the_page_amends_and_only_for_whoever_gave_it(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    url = f"/kvalificering/{proposal.number}/aendr/"
    pages.as_(world.cast.secretariat).get(url, status=403)
    page = pages.as_(world.cast.adviser).get(url)
    assert page.value("summary") == standing(proposal).summary

    done = pages.press(url, page.sent | {"summary": "Rettet.", "reason": "Slåfejl."})

    assert done.messages[0].startswith("Den ændrede udtalelse er afgivet.")
    assert standing(proposal).summary == "Rettet."
    assert url in pages.get(f"/forslag/{proposal.number}/").links


# Signed by another


def test_another_signs_and_a_change_of_the_text_ends_it_and_says_so(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    draft = written(world, proposal)
    url = f"/kvalificering/{proposal.number}/medunderskriv/"
    pages.as_(world.cast.secretariat)

    page = pages.press(url, {"revision": proposal.revision} | pages.seen(url))

    assert f"af {world.cast.secretariat.name}." in page.text
    assert draft.cosignatures.standing().get().signed_by == world.cast.secretariat
    saved = pages.as_(world.cast.adviser).get(f"/kvalificering/{proposal.number}/")
    changed = pages.press(f"/kvalificering/{proposal.number}/", saved.sent | {"summary": "Nyt."})
    lapsed = (
        f"Medunderskriften fra {world.cast.secretariat.name} er bortfaldet, for teksten er ændret."
    )
    assert changed.messages == [
        f"Kladden er gemt. Forslagsstilleren kan ikke se den endnu. {lapsed}"
    ]
    assert "Bed om en ny underskrift." in changed.text
    give(draft, world)
    assert "Medunderskrevet" not in pages.get(f"/forslag/{proposal.number}/").text


def test_a_signature_is_shown_under_what_was_given_and_taken_back_until_then(
    pages: Pages, world: World
) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    draft = written(world, proposal)
    for _ in range(2):
        qualification.cosign(qualification_pk=draft.pk, by=world.cast.secretariat, at=day(1))
        pages.as_(world.cast.secretariat).press(
            f"/kvalificering/{proposal.number}/medunderskriv/fortryd/"
        )
        assert draft.cosignatures.count() == 0
    qualification.cosign(qualification_pk=draft.pk, by=world.cast.secretariat, at=day(1))
    give(draft, world)

    page = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")

    signed = f"{danish.datetime_text(day(1))} af {world.cast.secretariat.name}"
    assert f"Medunderskrevet {signed}".replace("\xa0", " ") in page.text
    version = proposal.versions.get()
    assessment = case_of(version, Known.about([version], day(9))).assessment
    assert assessment is not None
    assert assessment.cosigned == (f"{world.cast.secretariat.name} {danish.datetime_text(day(1))}",)
    with pytest.raises(qualification.AlreadyCompleted):
        qualification.take_back_signature(
            qualification_pk=draft.pk, by=world.cast.secretariat, at=day(2)
        )


def test_nobody_signs_as_the_second_what_is_their_own() -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    begun = qualification.begin(proposal_pk=proposal.pk, by=world.cast.adviser, at=day(1))

    with pytest.raises(qualification.OwnWords, match="ikke skrevet noget"):
        qualification.cosign(qualification_pk=begun.pk, by=world.cast.secretariat, at=day(1))
    draft = written(world, proposal)
    with pytest.raises(qualification.OwnWords, match="selv skrevet"):
        qualification.cosign(qualification_pk=draft.pk, by=world.cast.adviser, at=day(1))


# The proposer's answer


@pytest.mark.parametrize(
    ("at", "due"),
    (
        (danish.wall(date(2027, 4, 12), walk.NOW.time()), "torsdag den 15. april 2027 kl. 23.59"),
        (danish.wall(date(2027, 4, 28), walk.NOW.time()), "torsdag den 29. april 2027 kl. 9.00"),
        (danish.wall(date(2027, 5, 24), walk.NOW.time()), "onsdag den 26. maj 2027 kl. 23.59"),
    ),
)
def test_the_term_is_the_rounds_days_and_no_later_than_the_second_gate(
    at: object, due: str
) -> None:
    world = a_world()
    proposal = proposal_at(Status.IN_QUALIFICATION, world)

    found = qualification.reply_due_at(proposal, at=at)  # type: ignore[arg-type]  # a datetime

    assert danish.datetime_text(found).replace("\xa0", " ") == due


def test_the_letter_and_the_page_say_the_term(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    due = danish.datetime_text(standing(proposal).reply_due_at)  # type: ignore[arg-type]  # it was given

    letter = OutgoingMail.objects.get(name="qualified").body

    assert f"svare på udtalelsen senest {due}".replace("\xa0", " ") in " ".join(letter.split())
    for who in (world.cast.owner, world.cast.adviser):
        page = pages.as_(who).get(f"/forslag/{proposal.number}/")
        assert f"svare på udtalelsen senest {due}".replace("\xa0", " ") in page.text


def test_a_late_answer_says_so_wherever_it_stands(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    due = standing(proposal).reply_due_at
    assert due is not None
    late = due + timedelta(minutes=1)
    qualification.reply(proposal_pk=proposal.pk, text="Sent.", by=world.cast.owner, at=late)

    page = pages.as_(world.cast.adviser).get(f"/forslag/{proposal.number}/")

    assert "efter svarfristen" in page.text
    assert "efter svarfristen" in OutgoingMail.objects.get(name="replied").body
    version = proposal.versions.get()
    assessment = case_of(version, Known.about([version], late + timedelta(days=9))).assessment
    assert assessment is not None
    assert (assessment.reply, assessment.is_reply_late) == ("Sent.", True)


def test_an_answer_that_is_changed_keeps_what_it_said(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.QUALIFIED, world)
    qualification.reply(proposal_pk=proposal.pk, text="Først.", by=world.cast.owner, at=day(1))
    qualification.reply(proposal_pk=proposal.pk, text="Så.", by=world.cast.owner, at=day(2))

    page = pages.as_(world.cast.adviser).get(f"/forslag/{proposal.number}/")

    kept = standing(proposal).reply_wordings.get()
    assert (kept.text, kept.written_at, kept.written_by) == ("Først.", day(1), world.cast.owner)
    assert "Se, hvad svaret lød på før" in page.text
    assert "Først." in page.text


# Side by side, and hidden


def test_proposer_and_adviser_answer_the_same_side_by_side(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    draft = written(world, proposal, tested="Pumpestyring", known="Måling")
    theirs = proposal.development.splitlines()[0]

    page = pages.as_(world.cast.adviser).get(f"/kvalificering/{proposal.number}/")

    assert page.value("tested") == "Pumpestyring"
    own_text = page.text.count(f"udviklings-, test- eller demonstrationselementet {theirs}")
    assert own_text == 2
    give(draft, world)
    read = pages.as_(world.cast.owner).get(f"/forslag/{proposal.number}/")
    assert "Hvad afprøves her? Forslagsstilleren" in read.text
    assert "Pumpestyring" in read.text
    assert theirs in read.text


def test_nothing_of_a_draft_is_read_anywhere_before_it_is_given(pages: Pages, world: World) -> None:
    proposal = proposal_at(Status.IN_QUALIFICATION, world)
    secret = "Hemmeligtord"
    first = world.criteria[0]
    draft = written(
        world,
        proposal,
        summary=secret,
        tested=secret,
        known=secret,
        statements={first.pk: secret},
    )
    qualification.cosign(qualification_pk=draft.pk, by=world.cast.secretariat, at=day(1))
    version = proposal.versions.get()

    for who in (world.cast.owner, world.cast.secretariat, world.cast.adviser):
        pages.as_(who)
        for path in ("", "indhold/", "sparring/", "versioner/", "forloeb/"):
            assert secret not in pages.get(f"/forslag/{proposal.number}/{path}").text
        assert proposal.number not in pages.get(f"/forslag/?q={secret}").text
    assert OutgoingMail.objects.filter(body__contains=secret).count() == 0
    assert case_of(version, Known.about([version], day(9))).assessment is None
