"""What a thread is: whom it asks for what, who reads it, how it ends, and what is kept when it is written anew."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection
from django.urls import reverse

import pytest

from klimaspor import unsent
from klimaspor.accounts.models import Role
from klimaspor.mail import reading
from klimaspor.mail.models import OutgoingMail
from klimaspor.refusals import Missing
from klimaspor.seen import Base
from proposals.drafting import steps as drafting
from proposals.drafting.models import FieldVersion
from proposals.line.functions import Function
from proposals.line.models import Access, Proposal
from proposals.sparring import steps as advice
from proposals.sparring.models import Advice, AdviceKind, AdviceWording, Circle
from proposals.sparring.places import Chosen
from tests.factories.intake import NOW, Cast, a_cast, a_ready_draft, a_round, give_role, person

if TYPE_CHECKING:
    from klimaspor.accounts.models import User
    from tests.pages import Pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def cast() -> Cast:
    return a_cast()


@pytest.fixture
def draft(cast: Cast) -> Proposal:
    """A draft with answers, open for sparring."""
    proposal = a_ready_draft(cast, a_round(), effects="Vi sparer ti ton. Vi sparer ti ton. Slut.")
    return advice.open_sparring(proposal_pk=proposal.pk, by=cast.owner, at=NOW)


def at(proposal: Proposal, path: str = "") -> str:
    return f"/forslag/{proposal.number}/sparring/{path}"


def said(proposal: Proposal, by: User, **given: Any) -> Advice:
    values = {"section": "effekt", "text": "Hvor meget?", **given}
    if "quote" in values:
        words = [values.pop(name, "") for name in ("quote", "before", "after")]
        values["chosen"] = Chosen(*words)
    return advice.comment(proposal_pk=proposal.pk, by=by, at=NOW, **values)


def a_wording(proposal: Proposal, by: User, **given: Any) -> Advice:
    values = {"name": "effects", "text": "", "suggestion": "Vi sparer tolv ton.", **given}
    return said(proposal, by, kind=AdviceKind.WORDING, **values)


# The circle of DGO and secretariat


def test_an_inner_thread_is_shown_and_counted_in_its_circle_only(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    secret = "Skal vi sige nej?"
    thread = said(draft, cast.adviser, text=secret, circle=Circle.ADVISERS)
    advice.answer(thread_pk=thread.pk, text="Måske ikke.", by=cast.secretariat, at=NOW)

    for person_, is_in in ((cast.adviser, True), (cast.secretariat, True), (cast.owner, False)):
        shown = pages.as_(person_).get(at(draft))
        assert (secret in shown.text) is is_in
        assert ("Måske ikke." in shown.text) is is_in
        assert ("Kun DGO og sekretariat" in shown.text) is is_in
    for path in ("afsnit/effekt/", "afsnit/", "", "forloeb/", "indhold/"):
        shown = pages.as_(cast.owner).get(f"/forslag/{draft.number}/{path}")
        assert secret not in shown.text
    assert "Ønsker fra sparringen" not in pages.get(f"/forslag/{draft.number}/afsnit/").text


def test_letters_of_an_inner_thread_go_to_the_circle_and_quote_nothing(
    cast: Cast, draft: Proposal
) -> None:
    OutgoingMail.objects.all().delete()

    said(draft, cast.adviser, text="Skal vi sige nej?", circle=Circle.ADVISERS)

    letters = OutgoingMail.objects.order_by("recipient")
    assert [(letter.name, letter.recipient) for letter in letters] == [
        ("advice_among_advisers", cast.colleague.email),
        ("advice_among_advisers", cast.secretariat.email),
    ]
    assert not any("sige nej" in letter.subject + letter.body for letter in letters)


def test_who_stands_outside_the_circle_reads_no_letter_of_it_in_the_outbox(
    cast: Cast, draft: Proposal
) -> None:
    said(draft, cast.adviser, circle=Circle.ADVISERS)
    give_role(cast.colleague, Role.MEMBER, organization=cast.municipalities[1])
    letters = OutgoingMail.objects.filter(
        name="advice_among_advisers", recipient=cast.secretariat.email
    )

    readable = {
        user: reading.for_reader(letters, user, at=NOW).readable().count()
        for user in (cast.adviser, cast.secretariat, cast.colleague, cast.owner)
    }

    assert readable == {cast.adviser: 1, cast.secretariat: 1, cast.colleague: 0, cast.owner: 0}


def test_the_technical_administration_shows_no_inner_thread(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    open_one, inner = (
        said(draft, cast.adviser, text=circle, circle=circle)
        for circle in (Circle.EVERYBODY, Circle.ADVISERS)
    )
    type(cast.administrator).objects.filter(pk=cast.administrator.pk).update(is_superuser=True)
    client = pages.as_(cast.administrator).client
    listed = client.get(reverse("admin:proposals_advice_changelist"))
    found = {
        row.pk: client.get(reverse("admin:proposals_advice_change", args=[row.pk])).status_code
        for row in (open_one, inner)
    }

    assert [row.pk for row in listed.context["cl"].result_list] == [open_one.pk]
    assert found == {open_one.pk: 200, inner.pk: 302}


def test_the_proposer_cannot_write_to_the_inner_circle(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    assert "Kun DGO og sekretariat" not in pages.as_(cast.owner).get(at(draft, "kommentar/")).text
    with pytest.raises(advice.NotInCircle):
        said(draft, cast.owner, circle=Circle.ADVISERS)

    # A choice that is not on the page is nobody's answer.
    pages.post(at(draft, "kommentar/"), {"text": "Hej", "circle": "advisers"})
    assert [row.circle for row in Advice.objects.all()] == ["everybody"]


def test_who_will_read_it_follows_the_circle(pages: Pages, cast: Cast, draft: Proposal) -> None:
    shown = pages.as_(cast.adviser).get(at(draft))
    assert (
        "Alle på forslaget: Ella Ejer (forslagsstiller), rådgiverne i DGO Midtjylland og sekretariatet"
        in shown.text
    )
    assert (
        "Kun DGO og sekretariat: rådgiverne i DGO Midtjylland og sekretariatet. Forslagsstilleren ser ikke"
        in shown.text
    )
    assert "aktindsigt i dem, også i dem, der kun er mellem DGO og sekretariat." in shown.text
    for circle, words in (
        (Circle.EVERYBODY, "Svaret læses af Ella Ejer (forslagsstiller), rådgiverne i"),
        (Circle.ADVISERS, "Svaret læses af rådgiverne i DGO Midtjylland og sekretariatet."),
    ):
        thread = said(draft, cast.adviser, circle=circle)
        assert words in pages.get(at(draft)).text
        Advice.objects.filter(pk=thread.pk).delete()

    sent = pages.press(at(draft, "kommentar/"), {"text": "Hej", "circle": "advisers"})
    assert sent.messages == [
        "Det er sendt. rådgiverne i DGO Midtjylland og sekretariatet kan læse det."
    ]


def test_a_change_is_asked_of_nobody_in_the_inner_circle(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    shown = pages.as_(cast.adviser).post(
        at(draft, "kommentar/"),
        {"text": "Ret det", "kind": "change", "circle": "advisers"},
        status=200,
    )
    assert shown.problems == [
        "En ændring eller en ny ordlyd er til dem, der skriver forslaget. Vælg alle på forslaget"
    ]
    assert shown.value("text") == "Ret det"
    with pytest.raises(Missing):
        said(draft, cast.adviser, kind=AdviceKind.CHANGE, circle=Circle.ADVISERS)


# What is asked of those who write


def test_a_change_is_a_task_until_whoever_asked_ticks_it_off(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    pages.as_(cast.adviser).post(
        at(draft, "kommentar/"),
        {"section": "effekt", "kind": "change", "text": f"Skriv tal på {SCRIPT}"},
    )
    thread = Advice.objects.get()
    tasks = f"/forslag/{draft.number}/afsnit/"

    shown = pages.as_(cast.owner).get(tasks)
    assert "Ønske om ændring: Effekt og tiltag" in shown.text
    assert f"Skriv tal på {SCRIPT}" in shown.text
    assert "1 ønske fra sparringen." in shown.text
    assert "Åben" in shown.text

    done = pages.press(at(draft, f"aendret/{thread.pk}/"), {"from": "opgaver"})
    assert done.url == tasks
    assert done.messages == [
        "Rune Rådgiver får besked om, at det er ændret, og markerer det som afklaret."
    ]
    assert "Meldt ændret" in done.text
    assert "ønske fra sparringen" not in done.text
    letter = OutgoingMail.objects.get(name="change_made")
    assert letter.recipient == cast.adviser.email

    pages.as_(cast.adviser).post(at(draft, f"afslut/{thread.pk}/"))
    ended = pages.as_(cast.owner).get(tasks)
    assert "Afklaret" in ended.text
    assert "Vi har ændret det" not in ended.text


def test_what_was_said_to_be_changed_can_be_taken_back_and_denied(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    thread = said(draft, cast.adviser, kind=AdviceKind.CHANGE)
    advice.report_done(thread_pk=thread.pk, by=cast.owner, at=NOW)
    assert "Åbn igen" in pages.as_(cast.owner).get(at(draft)).buttons

    pages.post(at(draft, f"genaabn/{thread.pk}/"))
    thread.refresh_from_db()
    assert thread.done_at is None
    # Whoever asked says that it is not.
    advice.report_done(thread_pk=thread.pk, by=cast.owner, at=NOW)
    advice.answer(thread_pk=thread.pk, text="Også for havnen?", by=cast.owner, at=NOW)
    thread.refresh_from_db()
    assert thread.done_at == NOW
    advice.answer(thread_pk=thread.pk, text="Ikke helt.", by=cast.adviser, at=NOW)
    thread.refresh_from_db()
    assert thread.done_at is None


def test_a_change_is_reported_by_those_who_write(pages: Pages, cast: Cast, draft: Proposal) -> None:
    thread = said(draft, cast.adviser, kind=AdviceKind.CHANGE)
    reader = person("Lene Læser")
    Access.objects.grant(draft, Function.READ, user=reader, by=cast.owner, at=NOW)

    for user in (cast.adviser, cast.secretariat, reader):
        pages.as_(user).post(at(draft, f"aendret/{thread.pk}/"), status=403)
        with pytest.raises(advice.NotYours):
            advice.report_done(thread_pk=thread.pk, by=user, at=NOW)
    thread.refresh_from_db()
    assert thread.done_at is None


def test_who_asked_settles_and_opens_again(pages: Pages, cast: Cast, draft: Proposal) -> None:
    thread = said(draft, cast.adviser, kind=AdviceKind.CHANGE)
    advice.report_done(thread_pk=thread.pk, by=cast.owner, at=NOW)

    other_side = pages.as_(cast.owner).press(at(draft, f"afslut/{thread.pk}/"))
    assert other_side.messages == [
        "Det er Rune Rådgiver (DGO Midtjylland), der afgør, om tråden er afklaret. Skriv et svar i tråden."
    ]
    assert "Markér som afklaret" not in other_side.text

    settled = pages.as_(cast.adviser).press(at(draft, f"afslut/{thread.pk}/"))
    assert "Åbn igen" in settled.buttons
    opened = pages.press(at(draft, f"genaabn/{thread.pk}/"))
    assert opened.messages == ["Tråden er åben igen."]
    thread.refresh_from_db()
    assert (thread.resolved_at, thread.done_at) == (None, None)


def test_a_colleague_settles_for_who_is_away(cast: Cast, draft: Proposal) -> None:
    theirs, ours = said(draft, cast.adviser), said(draft, cast.owner)
    advice.resolve(thread_pk=theirs.pk, by=cast.secretariat, at=NOW)
    with pytest.raises(advice.NotYours):
        advice.resolve(thread_pk=ours.pk, by=cast.secretariat, at=NOW)
    writer = person("Mette Medskriver")
    Access.objects.grant(draft, Function.WRITE, user=writer, by=cast.owner, at=NOW)
    advice.resolve(thread_pk=ours.pk, by=writer, at=NOW)

    assert set(Advice.objects.values_list("resolved_by__name", flat=True)) == {
        "Sanne Sekretær",
        "Mette Medskriver",
    }


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_settle_once(cast: Cast, draft: Proposal) -> None:
    thread = said(draft, cast.adviser)
    ready = threading.Barrier(2)
    results: list[str] = []

    def press(by: User) -> None:
        try:
            ready.wait()
            advice.resolve(thread_pk=thread.pk, by=by, at=NOW)
            results.append("settled")
        except advice.DoneBefore as refusal:
            results.append(str(refusal).partition(" har ")[2])
        finally:
            connection.close()

    presses = [
        threading.Thread(target=press, args=(by,)) for by in (cast.adviser, cast.secretariat)
    ]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert sorted(results) == ["allerede markeret tråden som afklaret.", "settled"]


# Written anew


def test_an_edited_comment_keeps_what_it_said(pages: Pages, cast: Cast, draft: Proposal) -> None:
    thread = said(draft, cast.adviser, text=f"Først {SCRIPT}")
    url = at(draft, f"ret/{thread.pk}/")
    page = pages.as_(cast.adviser).get(url)
    assert page.value("text") == f"Først {SCRIPT}"

    shown = pages.press(url, page.sent | {"text": f"Siden {SCRIPT}"})
    again = pages.get(url)
    pages.post(url, again.sent | {"text": "Til sidst"})

    assert "Rettelsen er gemt." in shown.messages[0]
    assert list(AdviceWording.objects.order_by("pk").values_list("text", flat=True)) == [
        f"Først {SCRIPT}",
        f"Siden {SCRIPT}",
    ]
    read = pages.as_(cast.owner).get(at(draft))
    for text in ("Til sidst", f"Først {SCRIPT}", f"Siden {SCRIPT}", "Rettet mandag"):
        assert text in read.text
    assert b"<script>alert" not in read.body


def test_only_its_author_edits_and_not_when_it_is_settled(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    thread = said(draft, cast.adviser)
    reply = advice.answer(thread_pk=thread.pk, text="Ti ton", by=cast.owner, at=NOW)
    for user, row in ((cast.owner, thread), (cast.secretariat, thread), (cast.adviser, reply)):
        pages.as_(user).get(at(draft, f"ret/{row.pk}/"), status=403)
        with pytest.raises(advice.NotYours):
            advice.edit(advice_pk=row.pk, text="Andet", by=user, at=NOW)
    advice.edit(advice_pk=reply.pk, text="Tolv ton", by=cast.owner, at=NOW)
    page = pages.as_(cast.owner).get(at(draft, f"ret/{reply.pk}/"))
    advice.resolve(thread_pk=thread.pk, by=cast.adviser, at=NOW)

    refused = pages.post(at(draft, f"ret/{reply.pk}/"), page.sent | {"text": "Nej"}, status=200)

    assert "så kommentaren kan ikke rettes" in refused.problems[0]
    assert refused.value("text") == "Nej"
    reply.refresh_from_db()
    assert reply.text == "Tolv ton"


def test_an_edit_in_two_windows_shows_both_texts(pages: Pages, cast: Cast, draft: Proposal) -> None:
    thread = said(draft, cast.adviser, text="Først")
    url = at(draft, f"ret/{thread.pk}/")
    page = pages.as_(cast.adviser).get(url)
    pages.post(url, page.sent | {"text": "I det ene vindue"})

    refused = pages.post(url, page.sent | {"text": "I det andet"}, status=409)

    thread.refresh_from_db()
    assert thread.text == "I det ene vindue"
    assert "I det ene vindue" in refused.text
    assert refused.value("text") == "I det andet"


# A wording


def test_a_wording_takes_the_place_of_a_quote_by_one_press(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    # The same sentence stands twice: what stands around it tells which.
    thread = a_wording(
        draft, cast.adviser, quote="Vi sparer ti ton.", before="ton. ", after=" Slut."
    )
    owner = pages.as_(cast.owner)
    assert "Sæt ordlyden ind" in owner.get(at(draft)).buttons
    other_window = pages.get(f"/forslag/{draft.number}/afsnit/effekt/")

    shown = pages.press(at(draft, f"ordlyd/{thread.pk}/"), pages.get(at(draft)).sent)

    draft.refresh_from_db()
    thread.refresh_from_db()
    assert draft.effects == "Vi sparer ti ton. Vi sparer tolv ton. Slut."
    assert (thread.taken_by, thread.taken_at) == (cast.owner, NOW)
    assert FieldVersion.objects.get(proposal=draft, name="effects").edited_by == cast.owner
    assert "Ordlyden er sat ind" in shown.messages[0]
    assert "Sæt ordlyden ind" not in shown.buttons
    # Whoever had the answer open has not seen it.
    late = pages.post(
        f"/forslag/{draft.number}/afsnit/effekt/",
        other_window.sent | {"effects": "Noget andet", "do": "save"},
        status=409,
    )
    assert "tolv" in late.conflict


def test_a_wording_for_a_whole_answer_takes_what_was_seen(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    thread = a_wording(draft, cast.adviser, suggestion=f"Tolv ton {SCRIPT}")
    page = pages.as_(cast.owner).get(at(draft))
    assert "Vi sparer ti ton. Vi sparer ti ton. Slut." in page.text
    drafting.save_section(
        proposal_pk=draft.pk, slug="effekt", answers={"effects": "Nyt"}, by=cast.owner, at=NOW
    )

    refused = pages.press(at(draft, f"ordlyd/{thread.pk}/"), page.sent)
    assert "Svaret er ændret, efter du åbnede siden" in refused.messages[0]
    assert f"Tolv ton {SCRIPT}" in refused.text
    unseen = pages.press(at(draft, f"ordlyd/{thread.pk}/"))
    assert "Svaret er ændret" in unseen.messages[0]
    draft.refresh_from_db()
    assert draft.effects == "Nyt"

    pages.post(at(draft, f"ordlyd/{thread.pk}/"), refused.sent)
    draft.refresh_from_db()
    assert draft.effects == f"Tolv ton {SCRIPT}"


@pytest.mark.parametrize(
    "now_stands",
    (
        "Vi sparer elleve ton.",
        "",
        "Vi sparer ti ton.\nVi sparer ti ton.\nVi sparer ti ton.",
    ),
)
def test_a_wording_for_what_has_changed_is_refused_and_stays(
    pages: Pages, cast: Cast, draft: Proposal, now_stands: str
) -> None:
    thread = a_wording(
        draft, cast.adviser, quote="Vi sparer ti ton.", before="ton. ", after=" Slut."
    )
    drafting.save_section(
        proposal_pk=draft.pk, slug="effekt", answers={"effects": now_stands}, by=cast.owner, at=NOW
    )

    shown = pages.as_(cast.owner).press(at(draft, f"ordlyd/{thread.pk}/"))

    draft.refresh_from_db()
    thread.refresh_from_db()
    assert (draft.effects, thread.taken_at) == (now_stands, None)
    assert "Sætningen er ændret" in shown.messages[0]
    assert "Vi sparer tolv ton." in shown.text


def test_a_wording_that_makes_the_answer_too_long_is_refused(cast: Cast, draft: Proposal) -> None:
    thread = a_wording(
        draft,
        cast.adviser,
        quote="Slut.",
        before="ton. ",
        after="",
        suggestion="x" * 6000,
    )
    with pytest.raises(drafting.Reworded, match=r"længere end 6\.000 tegn"):
        drafting.take_wording(thread_pk=thread.pk, base=Base(0, ""), by=cast.owner, at=NOW)


def test_a_wording_is_taken_once(cast: Cast, draft: Proposal) -> None:
    thread = a_wording(draft, cast.adviser, quote="Slut.", before="ton. ")
    writer = person("Mette Medskriver")
    Access.objects.grant(draft, Function.WRITE, user=writer, by=cast.owner, at=NOW)
    for _ in range(2):
        drafting.take_wording(thread_pk=thread.pk, base=Base(0, ""), by=cast.owner, at=NOW)

    with pytest.raises(advice.DoneBefore, match="Ella Ejer har allerede sat"):
        drafting.take_wording(thread_pk=thread.pk, base=Base(0, ""), by=writer, at=NOW)

    draft.refresh_from_db()
    assert draft.effects.count("tolv") == 1
    with pytest.raises(advice.Finished):
        advice.edit(advice_pk=thread.pk, text="", suggestion="Ellers", by=cast.adviser, at=NOW)


@pytest.mark.parametrize(
    ("typed", "problems"),
    (
        ({"kind": "wording", "suggestion": "x"}, ["Vælg det svar, som den nye ordlyd er til"]),
        ({"kind": "wording", "section": "effekt/effects"}, ["Skriv den ordlyd, du foreslår"]),
        (
            {"text": "x", "suggestion": "y"},
            ["Du har skrevet en ordlyd. Vælg at foreslå den, eller slet den"],
        ),
        ({"text": "x", "kind": "ordre"}, ["Vælg, hvad du vil"]),
        ({"text": "x", "section": "effekt/gone"}, ["Vælg et afsnit fra listen"]),
        ({"text": "x", "circle": "alle"}, ["Vælg, hvem der skal læse kommentaren"]),
    ),
)
def test_a_comment_that_does_not_add_up_is_asked_about(
    pages: Pages, cast: Cast, draft: Proposal, typed: dict[str, str], problems: list[str]
) -> None:
    shown = pages.as_(cast.adviser).post(at(draft, "kommentar/"), typed, status=200)
    assert shown.problems == problems
    for name in ("text", "suggestion"):
        assert shown.value(name) == typed.get(name, "")


def test_a_comment_on_an_answer_stands_under_its_section(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    pages.as_(cast.adviser).post(
        at(draft, "kommentar/"),
        {"section": "effekt/effects", "kind": "wording", "suggestion": "Tolv ton"},
    )
    row = Advice.objects.get()
    assert (row.section, row.name, row.kind, row.suggestion) == (
        "effekt",
        "effects",
        "wording",
        "Tolv ton",
    )


# Mention


def test_who_is_mentioned_gets_one_letter_a_day(pages: Pages, cast: Cast, draft: Proposal) -> None:
    OutgoingMail.objects.all().delete()
    for text in ("Se her", "Og her"):
        shown = pages.as_(cast.adviser).press(
            at(draft, "kommentar/"), {"text": text, "mentioned": [cast.colleague.pk]}
        )
    assert "Nævnt: Kim Kollega" in shown.text

    advice.comment(
        proposal_pk=draft.pk,
        section="",
        text="I morgen",
        mentioned=[cast.colleague],
        by=cast.adviser,
        at=NOW + timedelta(days=1),
    )

    letters = OutgoingMail.objects.filter(recipient=cast.colleague.email)
    assert [letter.name for letter in letters] == ["advice_mentioned", "advice_mentioned"]
    assert "Se her" in letters.order_by("pk")[0].body
    # The others are told as of any comment, and whoever is mentioned not twice.
    assert {letter.recipient for letter in OutgoingMail.objects.filter(name="advice_given")} == {
        cast.owner.email
    }


@pytest.mark.parametrize("who", ("stranger", "other_adviser", "committee", "funder"))
def test_somebody_who_may_not_read_is_not_mentioned(
    pages: Pages, cast: Cast, draft: Proposal, who: str
) -> None:
    outsider = getattr(cast, who)
    shown = pages.as_(cast.adviser).post(
        at(draft, "kommentar/"), {"text": "Se her", "mentioned": [outsider.pk]}, status=200
    )
    assert shown.problems == ["Nævn kun dem, der står på listen: andre kan ikke læse kommentaren"]
    assert outsider.name not in shown.text
    assert shown.value("text") == "Se her"
    with pytest.raises(Missing, match="læser ikke det, du skriver her"):
        said(draft, cast.adviser, mentioned=[outsider])
    assert not Advice.objects.exists()


def test_the_proposer_is_not_mentioned_in_the_inner_circle(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    shown = pages.as_(cast.adviser).post(
        at(draft, "kommentar/"),
        {"text": "Se her", "circle": "advisers", "mentioned": [cast.owner.pk]},
        status=200,
    )
    assert "Ella Ejer læser ikke det, du skriver her." in shown.problems[0]
    thread = said(draft, cast.adviser, circle=Circle.ADVISERS)
    page = pages.get(at(draft, f"svar/{thread.pk}/"))
    assert "Kim Kollega (sekretariatet)" in page.text
    assert "Ella Ejer" not in page.text


def test_mentioned_in_the_inner_circle_one_is_told_without_a_word_of_it(
    cast: Cast, draft: Proposal
) -> None:
    OutgoingMail.objects.all().delete()
    said(draft, cast.adviser, text="Hm", circle=Circle.ADVISERS, mentioned=[cast.colleague])

    letter = OutgoingMail.objects.get(recipient=cast.colleague.email)
    assert letter.name == "advice_among_advisers"
    assert "har nævnt dig i den del af sparringen" in letter.body
    assert "Hm" not in letter.body


# Somebody who may no longer


def test_who_is_removed_while_they_write_gets_their_words_back(
    pages: Pages, cast: Cast, draft: Proposal
) -> None:
    thread = said(draft, cast.owner)
    page = pages.as_(cast.adviser).get(at(draft))
    cast.adviser.memberships.update(valid_until_date=NOW.date())
    typed = page.sent | {
        "text": f"En lang kommentar {SCRIPT}",
        f"svar{thread.pk}-text": "Et langt svar",
    }

    for path in ("kommentar/", f"svar/{thread.pk}/"):
        given_back = pages.post(at(draft, path), typed, status=403)
        assert f"En lang kommentar {SCRIPT}" in given_back.text
        assert "Et langt svar" in given_back.text
        assert "Lavbundsjord" not in given_back.text
        # Whoever was shown no such page is told nothing.
        pages.post(at(draft, path), {"text": "x"}, status=404)
        slip = typed[unsent.SLIP]
        elsewhere = at(draft).replace(draft.number, "KS-2027-9999")
        pages.post(elsewhere + path, {"text": "x", unsent.SLIP: slip}, status=404)
    assert Advice.objects.count() == 1


def test_who_left_the_circle_takes_no_step_in_it(cast: Cast, draft: Proposal) -> None:
    thread = said(draft, cast.adviser, circle=Circle.ADVISERS)
    cast.adviser.memberships.update(valid_until_date=NOW.date())
    cast.adviser.__dict__.pop("duties", None)
    adviser = type(cast.adviser).objects.get(pk=cast.adviser.pk)

    for step in (
        lambda: advice.answer(thread_pk=thread.pk, text="x", by=adviser, at=NOW),
        lambda: advice.edit(advice_pk=thread.pk, text="x", by=adviser, at=NOW),
        lambda: advice.resolve(thread_pk=thread.pk, by=adviser, at=NOW),
        lambda: advice.reopen(thread_pk=thread.pk, by=adviser, at=NOW),
        lambda: said(draft, adviser),
    ):
        with pytest.raises(advice.NotInCircle):
            step()


def test_the_database_asks_nobody_in_the_inner_circle_for_a_change(
    cast: Cast, draft: Proposal
) -> None:
    thread = said(draft, cast.adviser, kind=AdviceKind.CHANGE)
    with pytest.raises(IntegrityError, match="advice_asked_of_writers"):
        Advice.objects.filter(pk=thread.pk).update(circle=Circle.ADVISERS)


@pytest.mark.parametrize("count", (1, 3))
def test_the_list_of_sections_asks_the_same_however_much_is_asked_for(
    pages: Pages, cast: Cast, draft: Proposal, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        said(draft, cast.adviser, kind=AdviceKind.CHANGE)
        a_wording(draft, cast.adviser)
    pages.as_(cast.owner)
    with django_assert_num_queries(13):
        pages.get(f"/forslag/{draft.number}/afsnit/")


@pytest.mark.parametrize("count", (1, 3))
def test_the_conversation_asks_the_same_however_much_is_said(
    pages: Pages, cast: Cast, draft: Proposal, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        for circle in Circle:
            thread = said(draft, cast.adviser, circle=circle, mentioned=[cast.secretariat])
            advice.edit(advice_pk=thread.pk, text="Hvor lidt?", by=cast.adviser, at=NOW)
            advice.answer(thread_pk=thread.pk, text="Ti", by=cast.secretariat, at=NOW)
    for user, queries in ((cast.owner, 13), (cast.adviser, 13)):
        pages.as_(user)
        with django_assert_num_queries(queries):
            pages.get(at(draft))
