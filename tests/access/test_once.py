"""
Every address that takes a press, and why two presses make no more than one.

Those that make something new carry a key that is used once (`klimaspor.once`), and each is pressed twice here. A new address
must be written into one of the two tables.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import URLResolver, get_resolver, reverse

import pytest

from klimaspor import tasks
from klimaspor.models import UsedKey
from proposals.participants.matching import Entry, Match
from proposals.participants.seen import shown_list
from proposals.sparring import steps as sparring
from proposals.sparring.models import Advice
from tests.access.conftest import AT
from tests.access.test_access import address_of, kept, somebody
from tests.factories.intake import a_round

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from django.urls import URLPattern

    from proposals.rounds.models import Round
    from tests.access.conftest import Leaky

VIND = Match(Entry("Vindlaug"))
INVITED = {"email": "ny@kommune.dk", "name": "Ny Person"}
MEETING = {"meeting_date": "1.10.2027", "meeting_time": "10.00", "place": "Weidekampsgade"}
MAKING: dict[str, tuple[str, str, dict[str, str]]] = {
    "accounts:ask_for_organization": ("owner", "", {"name": "Vindlaug", "kind": "company"}),
    "accounts:invite": ("secretariat", "", {**INVITED, "role": "committee"}),
    "accounts:send_invitation_again": ("secretariat", "pk={invitation}", {}),
    "accounts:new_organization": ("secretariat", "", {"name": "Vindlaug", "kind": "company"}),
    "accounts:new_dgo": ("secretariat", "", {"name": "DGO Vind", "area": "Vind"}),
    "proposals:new": (
        "owner",
        "",
        {"round": "{open_round}", "title": "Vind", "on_behalf": "ingen"},
    ),
    "proposals:register": (
        "secretariat",
        "",
        {**INVITED, "round": "{open_round}", "title": "Vind", "on_behalf": "ingen"},
    ),
    "proposals:participant_list": (
        "owner",
        "number={opened}",
        {
            "do": "add",
            "text": "Vindlaug",
            "role": "supplier",
            "rows-shown": VIND.row,
            f"linje-{VIND.row}": "company",
            "base-page": str(shown_list([VIND], ()).base),
        },
    ),
    "proposals:stand_in": (
        "owner",
        "number={opened} pk={not_counting}",
        {"organization": "{region}", **INVITED},
    ),
    "proposals:ask_participant": ("owner", "number={opened} pk={taking_part}", INVITED),
    "proposals:hand_over": (
        "owner",
        "number={in_qualification}",
        {"email": "ny@kommune.dk", "reason": "Ferie"},
    ),
    "proposals:access": ("owner", "number={in_qualification}", {**INVITED, "function": "write"}),
    "proposals:send_invitation_again": ("owner", "number={orphan} pk={asked}", {}),
    "proposals:send_answer_code": ("nobody", "token={answering_token}", {}),
    "proposals:comment": ("adviser", "number={opened}", {"text": "Hvad med vinden?"}),
    "proposals:answer": (
        "adviser",
        "number={opened} pk={thread}",
        {"svar{thread}-text": "Hvad med vinden?"},
    ),
    "proposals:note": (
        "adviser",
        "number={opened}",
        {
            "kind": "telephone",
            "held_date": "1.3.2027",
            "participants": "Maja Holm",
            "text": "Hvad med vinden?",
            "circle": "advisers",
        },
    ),
    "proposals:round_new": (
        "secretariat",
        "",
        {
            "name": "Vind 2029",
            "opens_date": "1.1.2029",
            "opens_time": "9.00",
            "qualification_date": "1.2.2029",
            "qualification_time": "9.00",
            "approval_date": "1.3.2029",
            "approval_time": "9.00",
            "meeting_date": "1.4.2029",
            "advice_days": "10",
            "reply_days": "3",
            "min_authorities": "3",
        },
    ),
    "proposals:dispensation": (
        "secretariat",
        "number={qualified}",
        {
            "granted_to": "{owner}",
            "gate": "approval",
            "until_date": "1.10.2027",
            "until_time": "9.00",
            "reason": "Sygdom",
        },
    ),
    "proposals:copy": ("owner", "number={in_qualification}", {"round": "{open_round}"}),
    "proposals:new_idea": (
        "owner",
        "",
        {"title": "Vind", "what": "Blæser det?", "organization": "ingen", "dgo": "{dgo}"},
    ),
    "proposals:idea": ("adviser", "pk={idea}", {"text": "Hvad med vinden?"}),
    "proposals:draft_of_idea": ("owner", "pk={idea}", {"round": "{open_round}"}),
    "review:new_agenda": ("secretariat", "", MEETING),
    "review:add_item": (
        "secretariat",
        "date={planned}",
        {"title": "Vind", "kind": "information", "minutes": "5"},
    ),
    "review:edit_item": (
        "secretariat",
        "date={planned} pk={item}",
        {"title": "Vind", "kind": "information", "minutes": "5"},
    ),
    "review:new_criterion": (
        "secretariat",
        "round={round}",
        {"code": "V42", "title": "Vind", "text": "Blæser det?"},
    ),
    "review:replace_criterion": (
        "secretariat",
        "criterion={criterion}",
        {"code": "V43", "title": "Vind", "text": "Blæser det?"},
    ),
}
"""Who presses, what the address names, and what is typed."""

ALLAUTH = "allauth's, whose rows are one for each address, person or device"
HELD = "the row it changes is held, and a second press finds it changed"
UNIQUE = "there can be only one of it"
SEEN = "what is written over must have been seen, and the first press changed it"
NOTHING = "writes no row of its own"
NOT_MAKING = {
    "account_login": ALLAUTH,
    "account_confirm_login_code": ALLAUTH,
    "account_logout": ALLAUTH,
    "account_signup": ALLAUTH,
    "account_reauthenticate": ALLAUTH,
    "account_email": ALLAUTH,
    "account_confirm_email": ALLAUTH,
    "account_change_password": ALLAUTH,
    "account_set_password": ALLAUTH,
    "account_reset_password": ALLAUTH,
    "account_reset_password_from_key": ALLAUTH,
    "mfa_authenticate": ALLAUTH,
    "mfa_reauthenticate": ALLAUTH,
    "mfa_activate_totp": ALLAUTH,
    "mfa_deactivate_totp": ALLAUTH,
    "mfa_generate_recovery_codes": ALLAUTH,
    "accounts:account": NOTHING,
    "accounts:other_email": ALLAUTH,
    "accounts:profile": HELD,
    "accounts:claim": UNIQUE,
    "accounts:leave": HELD,
    "accounts:take_back_request": HELD,
    "accounts:act_for": NOTHING,
    "accounts:invitation": HELD,
    "accounts:deactivate": HELD,
    "accounts:reactivate": HELD,
    "accounts:role_period": SEEN,
    "accounts:end_role": HELD,
    "accounts:confirm_claim": HELD,
    "accounts:refuse_claim": HELD,
    "accounts:answer_request": HELD,
    "accounts:withdraw_invitation": HELD,
    "accounts:organization": SEEN,
    "accounts:dgo": SEEN,
    "accounts:demo_sign_in": NOTHING,
    "accounts:contact": SEEN,
    "accounts:organization_connect": UNIQUE,
    "accounts:reset_two_steps": HELD,
    "accounts:send_invitation_elsewhere": HELD,
    "accounts:stay": NOTHING,
    "mail:try_again": HELD,
    "mail:try_all_again": HELD,
    "proposals:mark_as_read": UNIQUE,
    "proposals:go_back": HELD,
    "proposals:bring_back": SEEN,
    "proposals:confirm_organization": HELD,
    "proposals:correct_organization": HELD,
    "proposals:list_to_members": HELD,
    "proposals:unlist": HELD,
    "proposals:keep_person": HELD,
    "proposals:own_answer": HELD,
    "proposals:send_invitation_elsewhere": HELD,
    "proposals:participants": UNIQUE,
    "proposals:autosave_participants": SEEN,
    "proposals:participant_search": UNIQUE,
    "proposals:economy": SEEN,
    "proposals:autosave_economy": SEEN,
    "proposals:economy_sums": NOTHING,
    "proposals:economy_grid": SEEN,
    "proposals:economy_grid_sums": NOTHING,
    "proposals:attachments": UNIQUE,
    "proposals:section": SEEN,
    "proposals:autosave": SEEN,
    "proposals:change_dgo": HELD,
    "proposals:co_readers": HELD,
    "proposals:remove_co_reader": HELD,
    "proposals:participant": SEEN,
    "proposals:answer_oneself": HELD,
    "proposals:contacts": HELD,
    "proposals:remove_person": HELD,
    "proposals:withdraw_invitation": HELD,
    "proposals:leave": HELD,
    "proposals:change_organization": HELD,
    "proposals:invitation": HELD,
    "proposals:enter_answer_code": HELD,
    "proposals:visit": SEEN,
    "proposals:end_visit": NOTHING,
    "proposals:open_sparring": HELD,
    "proposals:close_sparring": HELD,
    "proposals:resolve": HELD,
    "proposals:reopen": HELD,
    "proposals:report_done": HELD,
    "proposals:edit": SEEN,
    "proposals:take_wording": HELD,
    "proposals:correct_note": SEEN,
    "proposals:round_edit": SEEN,
    "proposals:withdraw_dispensation": HELD,
    "proposals:word": SEEN,
    "proposals:submit": HELD,
    "proposals:withdraw": HELD,
    "proposals:take_back": HELD,
    "proposals:move_round": HELD,
    "proposals:declare": UNIQUE,
    "proposals:write_idea": SEEN,
    "proposals:send_idea": HELD,
    "proposals:delete_idea": HELD,
    "proposals:change_idea_dgo": HELD,
    "proposals:put_idea_aside": HELD,
    "proposals:take_idea_up": HELD,
    "review:copy_criteria": UNIQUE,
    "review:criterion": SEEN,
    "review:move_criterion": NOTHING,
    "review:remove_criterion": HELD,
    "review:reply": SEEN,
    "review:qualify": SEEN,
    "review:dgo_desk": HELD,
    "review:new_dgo_view": UNIQUE,
    "review:dgo_view": HELD,
    "review:remove_dgo_view": UNIQUE,
    "review:pass_on": HELD,
    "review:begin_qualification": UNIQUE,
    "review:assign": HELD,
    "review:complete_qualification": HELD,
    "review:cosign": UNIQUE,
    "review:take_back_signature": NOTHING,
    "review:amend_qualification": SEEN,
    "review:return_for_changes": HELD,
    "review:step_in": HELD,
    "review:waive": HELD,
    "review:without_desk": HELD,
    "review:formality": SEEN,
    "review:request_completion": HELD,
    "review:refuse": HELD,
    "review:reopen": HELD,
    "review:recommendation": SEEN,
    "review:recommend": HELD,
    "review:correct": HELD,
    "review:settle": HELD,
    "review:ask_again": UNIQUE,
    "review:change_meeting": SEEN,
    "review:add_proposal": UNIQUE,
    "review:move_item": SEEN,
    "review:remove_item": HELD,
    "review:publish": HELD,
    "review:paper_again": HELD,
    "review:decisions": SEEN,
    "review:decide": SEEN,
    "review:discard_decision": HELD,
    "review:release": HELD,
    "review:consent": HELD,
    "review:enter": HELD,
    "review:launch": HELD,
    "review:lapse": HELD,
    "review:retable": HELD,
    "review:complete": HELD,
    "review:discontinue": HELD,
}
BUTTONS = {
    "accounts:send_invitation_again": "/administration/invitationer/",
    "proposals:send_invitation_again": "/forslag/{orphan}/adgang/",
    "proposals:send_answer_code": "/invitation/forslag/{answering_token}/",
    "proposals:comment": "/forslag/{opened}/sparring/",
    "proposals:answer": "/forslag/{opened}/sparring/",
    "proposals:draft_of_idea": "/ideer/{idea}/",
    "proposals:ask_participant": "/forslag/{opened}/deltager/{taking_part}/",
}
"""Where else than on the page itself its form stands."""


def taking_presses() -> dict[str, bool]:
    """Give each address that takes a press, and whether it says that it makes something."""
    found = {}
    for name, pattern in _patterns(get_resolver()):
        view = getattr(pattern.callback, "view_class", None)
        if view and hasattr(view, "post"):
            found[name] = bool(
                pattern.callback.view_initkwargs.get("makes", getattr(view, "makes", False))
            )
    return found


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            # It changes nothing, see test_access.
            if inner != "admin:":
                yield from _patterns(pattern, inner)
        else:
            yield f"{prefix}{pattern.name}", pattern


def test_every_address_that_takes_a_press_is_in_one_of_the_tables() -> None:
    presses = taking_presses()

    assert sorted(presses) == sorted({**MAKING, **NOT_MAKING})
    assert {name for name, is_making in presses.items() if is_making} == set(MAKING)


@pytest.fixture
def open_round(leaky: Leaky) -> Round:
    return a_round(
        name="Åben runde",
        opens_at=AT - timedelta(days=1),
        qualification_deadline_at=AT + timedelta(days=30),
        approval_deadline_at=AT + timedelta(days=60),
        meeting_date=(AT + timedelta(days=90)).date(),
    )


def filled(leaky: Leaky, open_round: Round, name: str) -> tuple[str, dict[str, str]]:
    """Give the address and what is typed, with the names of the world filled in."""
    _, given, typed = MAKING[name]
    known = {**leaky.things, "open_round": open_round.pk, "owner": leaky.cast.owner.pk}
    parts = dict(part.split("=", 1) for part in given.split())
    return address_of(leaky, name, parts), {
        k.format(**known): v.format(**known) for k, v in typed.items()
    }


def carried(client: Client, page: str, address: str) -> dict[str, str]:
    """Give what the form on a page carries that is sent to an address."""
    said = client.get(page).content.decode()
    forms = re.findall(r"<form method=\"post\".*?</form>", said, re.DOTALL)
    elsewhere = re.findall(rf'<button[^>]* form="(\w+)" formaction="{address}"', said)
    for form in forms:
        action = re.search(r'^<form[^>]* action="([^"]*)"', form)
        name = re.search(r'^<form[^>]* id="([^"]*)"', form)
        leads_there = (
            action[1] if action else page
        ) == address or f'formaction="{address}"' in form
        if leads_there or (name and name[1] in elsewhere):
            hidden = re.findall(
                r'type="hidden" name="(once|revision|base-[\w-]+)" value="([^"]*)"', form
            )
            if any(key == "once" for key, _ in hidden):
                return dict(hidden)
    raise AssertionError(f"No form on {page} leads to {address} and carries a key")


@pytest.mark.parametrize("name", MAKING)
def test_two_presses_make_one(leaky: Leaky, open_round: Round, name: str) -> None:
    who, *_ = MAKING[name]
    address, typed = filled(leaky, open_round, name)
    client = somebody(leaky, who)
    page = BUTTONS.get(name, address).format(**leaky.things)
    shown = carried(client, page, address)
    before = kept()

    first = client.post(address, {**typed, **shown})
    made = kept()
    second = client.post(address, {**typed, **shown})

    assert first.status_code == 302, first.content.decode()
    assert made != before
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert kept() == made
    assert UsedKey.objects.count() == 1


def test_only_the_same_person_at_the_same_place_presses_twice(leaky: Leaky) -> None:
    address, other = (
        reverse("proposals:comment", args=[leaky.things[key]]) for key in ("opened", "qualified")
    )
    typed = {"text": "Hvad med vinden?", "once": "x"}
    sparring.open_sparring(proposal_pk=leaky.proposals["qualified"].pk, by=leaky.cast.owner, at=AT)
    before = Advice.objects.count()

    for who, place in (("adviser", address), ("owner", address), ("adviser", other)):
        assert somebody(leaky, who).post(place, typed).status_code == 302

    assert Advice.objects.count() == before + 3


def test_what_is_written_anew_under_an_old_key_is_shown_and_sent_by_the_next_press(
    leaky: Leaky,
) -> None:
    address = reverse("proposals:comment", args=[leaky.things["opened"]])
    client = somebody(leaky, "adviser")
    shown = carried(client, address, address)
    before = Advice.objects.count()
    client.post(address, {**shown, "text": "Hvad med vinden?"})

    anew = client.post(address, {**shown, "text": "Hvad med solen?"})
    said = anew.content.decode()
    key = re.search(r'name="once" value="([^"]+)"', said)

    assert anew.status_code == 409
    assert "Hvad med solen?" in said
    assert "Det, der står her nu, er ikke gemt." in said
    assert Advice.objects.count() == before + 1
    assert key
    assert client.post(address, {"text": "Hvad med solen?", "once": key[1]}).status_code == 302
    assert Advice.objects.count() == before + 2


def test_what_is_refused_leaves_the_key_to_be_used(leaky: Leaky) -> None:
    address = reverse("proposals:comment", args=[leaky.things["opened"]])
    client = somebody(leaky, "adviser")
    shown = carried(client, address, address)

    assert client.post(address, {**shown, "text": ""}).status_code == 200
    assert not UsedKey.objects.exists()
    assert client.post(address, {**shown, "text": "Hvad med vinden?"}).status_code == 302
    assert UsedKey.objects.get().led_to.startswith("/forslag/")


@pytest.mark.parametrize("key", ("%00", "%ED%B2%80", "x" * 100_000))
def test_any_key_is_taken(leaky: Leaky, key: str) -> None:
    address = reverse("proposals:comment", args=[leaky.things["opened"]])
    client = somebody(leaky, "adviser")
    sent = f"once={key}&text=Hvad+med+vinden%3F"

    places = {
        client.post(address, sent, content_type="application/x-www-form-urlencoded").headers[
            "Location"
        ]
        for _ in range(2)
    }

    assert len(places) == 1


def test_keys_are_forgotten_when_no_page_can_carry_them(leaky: Leaky) -> None:
    for days in (0, 29, 31, 400):
        UsedKey.objects.create(key=str(days), typed="x", used_at=AT - timedelta(days=days))

    assert tasks.forget_presses(at=AT) == 2
    assert set(UsedKey.objects.values_list("key", flat=True)) == {"0", "29"}
