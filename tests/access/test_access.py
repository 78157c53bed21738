"""
Every address for everybody, in a portal full of what could leak.

A cell is what opening the address gives: a status, `in` for a way to sign in, `go` for a way to somewhere else. A new address
must be written into the table, and thought about for each.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import QuerySet
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

import pytest

from tests.access.conftest import WORDS
from tests.factories.intake import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from klimaspor.accounts.models import User
    from tests.access.conftest import Leaky

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

WHO = (
    "nobody",  # not signed in
    "claimant",  # says to act for the proposer's kommune, and nobody has confirmed it
    "workmate",  # is confirmed to act for the proposer's kommune
    "owner",
    "adviser",  # of the proposals' DGO
    "other_adviser",  # of another
    "secretariat",
    "partial",  # of the secretariat, found partial about everything that was sent
    "committee",
    "funder",  # of Realdania, which was asked
    "other_funder",  # of a region that was not
    "administrator",
)
TABLE = """
                                                                         nob cla wor own adv oth sec par com fun ofu adm
account_login                                                           200  go  go  go  go  go  go  go  go  go  go  go
account_confirm_login_code                                               in  go  go  go  go  go  go  go  go  go  go  go
account_logout                                                           go 200 200 200 200 200 200 200 200 200 200 200
account_inactive                                                        200 200 200 200 200 200 200 200 200 200 200 200
account_signup                                                          200  go  go  go  go  go  go  go  go  go  go  go
account_reauthenticate                                                   in 200 200 200 200 200 200 200 200 200 200 200
account_email                                                            in 200 200 200 200 200 200 200 200 200 200 200
account_email_verification_sent                                         200 200 200 200 200 200 200 200 200 200 200 200
account_confirm_email key=forkert                                       200 200 200 200 200 200 200 200 200 200 200 200
account_change_password                                                  in 200 200 200 200 200 200 200 200 200 200 200
account_set_password                                                     in  go  go  go  go  go  go  go  go  go  go  go
account_reset_password                                                  200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_done                                             200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key uidb36=1 key=forkert-noegle             200 200 200 200 200 200 200 200 200 200 200 200
account_reset_password_from_key_done                                    200 200 200 200 200 200 200 200 200 200 200 200
mfa_index                                                                in 200 200 200 200 200 200 200 200 200 200 200
mfa_authenticate                                                         in  go  go  go  go  go  go  go  go  go  go  go
mfa_reauthenticate                                                       in  go  go  go  go  go  go  go  go  go  go  go
mfa_activate_totp                                                        in  go  go  go  go  go  go  go  go  go  go  go
mfa_deactivate_totp                                                      in 404 404 404 404 404 404 404 404 404 404 404
mfa_view_recovery_codes                                                  in 404 404 404 404 404 404 404 404 404 404 404
mfa_generate_recovery_codes                                              in  go  go  go  go  go  go  go  go  go  go  go
mfa_download_recovery_codes                                              in 404 404 404 404 404 404 404 404 404 404 404
health                                                                  200 200 200 200 200 200 200 200 200 200 200 200
accessibility                                                           200 200 200 200 200 200 200 200 200 200 200 200
privacy                                                                 200 200 200 200 200 200 200 200 200 200 200 200
accounts:account                                                         in  go  go  go  go  go  go  go  go  go  go  go
accounts:profile                                                         in 200 200 200 200 200 200 200 200 200 200 200
accounts:add_organization                                                in 200 200 200 200 200 200 200 200 200 200 200
accounts:claim pk={organization}                                         in  go  go  go  go  go  go  go  go  go  go  go
accounts:leave pk={claim}                                                in  go  go  go  go  go  go  go  go  go  go  go
accounts:take_back_request pk={request}                                  in  go  go  go  go  go  go  go  go  go  go  go
accounts:act_for                                                         in  go  go  go  go  go  go  go  go  go  go  go
accounts:invitation token={token}                                       200 200 200 200 200 200 200 200 200 200 200 200
accounts:administration                                                  in 403 403 403 403 403 200 200 403 403 403 200
accounts:people                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:person pk={person}                                              in 403 403 403 403 403 200 200 403 403 403 200
accounts:deactivate pk={person}                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:reactivate pk={person}                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:end_role pk={role}                                              in 403 403 403 403 403 200 200 403 403 403 200
accounts:claims                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:confirm_claim pk={claim}                                        in 403 403 403 403 403  go  go 403 403 403  go
accounts:refuse_claim pk={claim}                                         in 403 403 403 403 403 200 200 403 403 403 200
accounts:answer_request pk={request}                                     in 403 403 403 403 403 200 200 403 403 403 200
accounts:invitations                                                     in 403 403 403 403 403 200 200 403 403 403 200
accounts:invite                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:withdraw_invitation pk={invitation}                             in 403 403 403 403 403  go  go 403 403 403  go
accounts:send_invitation_again pk={invitation}                           in 403 403 403 403 403  go  go 403 403 403  go
accounts:organizations                                                   in 403 403 403 403 403 200 200 403 403 403 200
accounts:new_organization                                                in 403 403 403 403 403 200 200 403 403 403 200
accounts:organization pk={organization}                                  in 403 403 403 403 403 200 200 403 403 403 200
accounts:dgos                                                            in 403 403 403 403 403 200 200 403 403 403 200
accounts:new_dgo                                                         in 403 403 403 403 403 200 200 403 403 403 200
accounts:dgo pk={dgo}                                                    in 403 403 403 403 403 200 200 403 403 403 200
accounts:sweeps                                                          in 403 403 403 403 403 200 200 403 403 403 200
accounts:demo                                                           404 404 404 404 404 404 404 404 404 404 404 404
accounts:demo_sign_in pk={person}                                       404 404 404 404 404 404 404 404 404 404 404 404
mail:letters                                                             in 403 403 403 403 403 200 200 403 403 403 403
mail:letter pk={letter}                                                  in 403 403 403 403 403 200 200 403 403 403 403
mail:try_again pk={letter}                                               in 403 403 403 403 403 405 405 403 403 403 403
mail:demo_letters                                                       404 404 404 404 404 404 404 404 404 404 404 404
proposals:rounds                                                        200 200 200 200 200 200 200 200 200 200 200 200
proposals:rounds_ics                                                    200 200 200 200 200 200 200 200 200 200 200 200
proposals:dgos                                                          200 200 200 200 200 200 200 200 200 200 200 200
proposals:tracks                                                        200 200 200 200 200 200 200 200 200 200 200 200
proposals:new                                                            in 200 200 200 200 200 200 200 200 200 200 200
proposals:organization_choices                                           in 200 200 200 200 200 200 200 200 200 200 200
proposals:tasks number={opened}                                          in 404 404 200 403 404 403 403 404 404 404 404
proposals:participants number={opened}                                   in 404 404 200 403 404 403 403 404 404 404 404
proposals:participant_search number={opened}                             in 404 404 200 403 404 403 403 404 404 404 404
proposals:economy number={opened}                                        in 404 404 200 403 404 403 403 404 404 404 404
proposals:attachments number={unopened}                                  in 404 404 200 404 404 404 404 404 404 404 404
proposals:section number={opened} slug=effekt                            in 404 404 200 403 404 403 403 404 404 404 404
proposals:autosave number={opened} slug=effekt                           in 404 404 405 403 404 403 403 404 404 404 404
proposals:check number={opened}                                          in 404 404 200 403 404 403 403 404 404 404 404
proposals:submit number={opened}                                         in 404 404  go 403 404 403 403 404 404 404 404
proposals:receipt number={in_qualification} version=1                    in 404 404 200 403 404 403 404 404 404 404 404
proposals:withdraw number={in_qualification}                             in 404 404 200 403 404 403 404 404 404 404 404
proposals:move_round number={qualified}                                  in 404 404 200 403 404 200 404 404 404 404 404
proposals:hand_over number={in_qualification}                            in 404 404 200 403 404 200 404 404 404 404 404
proposals:change_dgo number={in_qualification}                           in 404 404 403 403 404 200 404 404 404 404 404
proposals:declare number={in_qualification}                              in 404 404 403 200 404 200 404 404 404 404 404
proposals:open_sparring number={qualified}                               in 404 404  go 403 404 403 404 404 404 404 404
proposals:close_sparring number={opened}                                 in 404 404  go 403 404 403 403 404 404 404 404
proposals:comment number={opened}                                        in 404 404 200 200 404 200 200 404 404 404 404
proposals:answer number={opened} pk={thread}                             in 404 404 200 200 404 200 200 404 404 404 404
proposals:resolve number={opened} pk={thread}                            in 404 404  go  go 404  go  go 404 404 404 404
proposals:version number={on_agenda} version=2                           in 404 404 200 200 404 200 404 200 404 404 404
proposals:version_pdf number={in_qualification} version=1                in 404 404 200 200 404 200 404 404 404 404 404
proposals:compare number={on_agenda} first=1 second=2                    in 404 404 200 200 404 200 404 404 404 404 404
proposals:changed_since number={qualified}                               in 404 404 200 403 404 403 404 404 404 404 404
proposals:attachment number={unopened} pk={attachment}                   in 404 404 200 404 404 404 404 404 404 404 404
proposals:rounds_admin                                                   in 403 403 403 403 403 200 200 403 403 403 200
proposals:round_new                                                      in 403 403 403 403 403 200 200 403 403 403 200
proposals:round_edit pk={round}                                          in 403 403 403 403 403 200 200 403 403 403 200
proposals:dispensation number={qualified}                                in 404 404 403 403 404 200 404 404 404 404 404
proposals:register                                                       in 403 403 403 403 403 200 200 403 403 403 403
proposals:orphaned                                                       in 403 403 403 403 403 200 200 403 403 403 403
review:front                                                            200 200 200 200 200 200 200 200 200 200 200 200
review:requirements                                                     200 200 200 200 200 200 200 200 200 200 200 200
review:list                                                              in 200 200 200 200 200 200 200 200 200 200 200
review:proposal number={on_agenda}                                       in 404 404 200 200 404 200 404 200 404 404 404
review:content number={on_agenda}                                        in 404 404 200 200 404 200 404 200 404 404 404
review:sparring number={on_agenda}                                       in 404 404 200 200 404 200 404 200 404 404 404
review:versions number={on_agenda}                                       in 404 404 200 200 404 200 404 200 404 404 404
review:history number={on_agenda}                                        in 404 404 200 200 404 200 404 200 404 404 404
review:reply number={qualified}                                          in 404 404 200 403 404 403 404 404 404 404 404
review:dgo_desk                                                          in 403 403 403 200 200 403 403 403 403 403 403
review:qualify number={in_qualification}                                 in 404 404 403 200 404 403 404 404 404 404 404
review:begin_qualification number={in_qualification}                     in 404 404 403 405 404 403 404 404 404 404 404
review:assign number={in_qualification}                                  in 404 404 403 405 404 403 404 404 404 404 404
review:complete_qualification number={in_qualification}                  in 404 404 403  go 404 403 404 404 404 404 404
review:return_for_changes number={in_qualification}                      in 404 404 403 200 404 403 404 404 404 404 404
review:secretariat                                                       in 403 403 403 403 403 200 200 403 403 403 403
review:formality number={in_approval}                                    in 404 404 403 403 404 200 404 404 404 404 404
review:request_completion number={in_approval}                           in 404 404 403 403 404 200 404 404 404 404 404
review:refuse number={in_approval}                                       in 404 404 403 403 404 200 404 404 404 404 404
review:reopen number={inadmissible}                                      in 404 404 403 403 404 200 404 404 404 404 404
review:recommendation number={in_approval}                               in 404 404 403 403 404 200 404 404 404 404 404
review:recommend number={in_approval}                                    in 404 404 403 403 404 200 404 404 404 404 404
review:correct number={in_approval}                                      in 404 404 403 403 404 200 404 404 404 404 404
review:step_in number={in_qualification}                                 in 404 404 403 403 404 200 404 404 404 404 404
review:waive number={in_qualification}                                   in 404 404 403 403 404 200 404 404 404 404 404
review:impartialities                                                    in 403 403 403 403 403 200 200 403 403 403 403
review:settle pk={raised}                                                in 403 403 403 403 403 200 200 403 403 403 403
review:meetings                                                          in 403 403 403 403 403 200 200 200 403 403 403
review:new_agenda                                                        in 403 403 403 403 403 200 200 403 403 403 403
review:meeting date={planned}                                            in 403 403 403 403 403 200 200 404 403 403 403
review:papers date={published}                                           in 403 403 403 403 403 200 200 200 403 403 403
review:paper date={published} pk={paper}                                 in 403 403 403 403 403 200 403 200 403 403 403
review:item date={published} number={tabled_number}                      in 403 403 403 403 403 200 404 200 403 403 403
review:agenda date={planned}                                             in 403 403 403 403 403 200 200 403 403 403 403
review:change_meeting date={planned}                                     in 403 403 403 403 403 200 200 403 403 403 403
review:add_proposal date={planned}                                       in 403 403 403 403 403 405 405 403 403 403 403
review:add_item date={planned}                                           in 403 403 403 403 403 200 200 403 403 403 403
review:edit_item date={planned} pk={item}                                in 403 403 403 403 403 200 200 403 403 403 403
review:move_item date={planned} pk={item}                                in 403 403 403 403 403 405 405 403 403 403 403
review:remove_item date={planned} pk={item}                              in 403 403 403 403 403 405 405 403 403 403 403
review:publish date={planned}                                            in 403 403 403 403 403 200 200 403 403 403 403
review:decisions date={published}                                        in 403 403 403 403 403 200 200 403 403 403 403
review:decide date={published} pk={tabled_item}                          in 403 403 403 403 403 200 403 403 403 403 403
review:release date={published}                                          in 403 403 403 403 403 200 200 403 403 403 403
review:funding                                                           in 403 403 403 403 403 403 403 403 200 200 403
review:consent pk={consent}                                              in 404 404 403 403 404 403 404 403 200 404 404
review:consents number={approved}                                        in 404 404 403 403 404 200 404 403 403 404 404
review:enter number={approved} pk={consent}                              in 404 404 403 403 404 200 404 403 403 404 404
review:document number={approved} pk={entered}                           in 404 404 404 404 404 200 404 404 404 404 404
review:launch number={approved}                                          in 404 404 403 403 404 200 404 403 403 404 404
review:lapse number={approved}                                           in 404 404 403 403 404 200 404 403 403 404 404
review:retable number={approved}                                         in 404 404 403 403 404 200 404 403 403 404 404
review:complete number={active}                                          in 404 404 403 403 404 200 404 403 403 404 404
review:discontinue number={active}                                       in 404 404 403 403 404 200 404 403 403 404 404
review:criteria                                                          in 403 403 403 403 403 200 200 403 403 403 200
review:round_criteria pk={round}                                         in 403 403 403 403 403 200 200 403 403 403 200
review:new_criterion pk={round}                                          in 403 403 403 403 403 200 200 403 403 403 200
review:copy_criteria pk={round}                                          in 403 403 403 403 403  go  go 403 403 403  go
review:criterion pk={criterion}                                          in 403 403 403 403 403 200 200 403 403 403 200
review:move_criterion pk={criterion}                                     in 403 403 403 403 403  go  go 403 403 403  go
review:remove_criterion pk={criterion}                                   in 403 403 403 403 403 200 200 403 403 403 200
"""

# What everybody may hear of: the tracks that are under way.
PUBLIC = {"active", "completed"}
SENT = set(WORDS) - {"unopened", "opened"}
SEES = {
    "nobody": PUBLIC,
    "claimant": PUBLIC,
    "workmate": PUBLIC,
    "owner": set(WORDS),
    "adviser": SENT | {"opened"},
    "other_adviser": PUBLIC,
    "secretariat": SENT | {"opened"},
    "partial": PUBLIC | {"opened"},
    "committee": PUBLIC | {"on_agenda", "approved", "rejected", "lapsed", "discontinued"},
    "funder": PUBLIC | {"approved", "lapsed", "discontinued"},
    "other_funder": PUBLIC,
    "administrator": PUBLIC,
}
"""Of which proposals each may know more than that a number exists."""


def rows() -> list[tuple[str, dict[str, str], list[str]]]:
    """Read the table: the name of the address, what it takes, and its cells."""
    parsed = []
    for line in TABLE.strip().splitlines()[1:]:
        name, *rest = line.split()
        given = dict(part.split("=", 1) for part in rest[: -len(WHO)])
        parsed.append((name, given, rest[-len(WHO) :]))
    return parsed


def address_of(leaky: Leaky, name: str, given: dict[str, str]) -> str:
    return reverse(name, kwargs={k: v.format(**leaky.things) for k, v in given.items()})


def somebody(leaky: Leaky, who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(user_of(leaky, who), backend=BACKEND)
    return client


def user_of(leaky: Leaky, who: str) -> User:
    found: User = getattr(leaky, who, None) or getattr(leaky.cast, who)
    return found


def cell(response: Any) -> str:
    if response.streaming:
        # Read to its end a file is closed, and the connection to the database is not.
        b"".join(response)
    if response.status_code != 302:
        return str(response.status_code)
    return "in" if response.headers["Location"].startswith("/konto/log-paa/") else "go"


def body(response: Any) -> str:
    """Give what the page says, its tokens apart."""
    if response.streaming:
        return ""
    text = html.unescape(response.content.decode(errors="replace"))
    return re.sub(r'(name="(csrfmiddlewaretoken|unsent-slip)" value=)"[^"]*"', r"\1", text)


def named_addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_addresses(pattern, inner)
        else:
            yield f"{prefix}{pattern.name or pattern.pattern}"


def kept() -> dict[str, list[tuple[Any, ...]]]:
    """Give everything the database knows, sessions apart."""
    return {
        model._meta.label: list(QuerySet(model).order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "mail", "proposals", "review")
    }


def test_every_address_is_in_the_table() -> None:
    inside = [n for n in named_addresses(get_resolver()) if not n.startswith("admin:")]

    assert sorted(set(inside)) == sorted({name for name, _, _ in rows()})


@pytest.mark.parametrize("who", WHO)
def test_who_opens_what(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    before = kept()
    told: dict[str, set[str]] = {}

    found = {}
    for name, given, _ in rows():
        address = address_of(leaky, name, given)
        response = client.get(address)
        found[address] = cell(response)
        leaked = {key for key, word in WORDS.items() if word in body(response)} - SEES[who]
        if leaked:
            told[address] = leaked

    assert found == {
        address_of(leaky, name, given): cells[WHO.index(who)] for name, given, cells in rows()
    }
    assert told == {}
    assert kept() == before, "Opening an address changed something"


@pytest.mark.parametrize("who", WHO)
def test_who_may_not_open_it_may_not_send_to_it(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    before = kept()
    sent = {"revision": "1", "reason": "x", "text": "x", "answer": "consented", "gate": "approval"}

    for name, given, cells in rows():
        closed = cells[WHO.index(who)]
        if closed not in ("in", "403", "404") or name.startswith(("account_", "mfa_")):
            continue
        address = address_of(leaky, name, given)
        # Once they have signed in they are sent where they wanted to go.
        assert cell(client.post(address, sent)) == closed, address

    assert kept() == before


@pytest.mark.parametrize("who", [who for who in WHO if who != "nobody"])
def test_what_one_cannot_see_looks_like_what_does_not_exist(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    numbers = {p.number for p in leaky.proposals.values()}

    for name, given, cells in rows():
        if cells[WHO.index(who)] != "404" or "number" not in given:
            continue
        there = client.get(address_of(leaky, name, given))
        if given["number"] == "{opened}" and user_of(leaky, who).duties_at(leaky.at).is_secretariat:
            continue
        nowhere = client.get(address_of(leaky, name, {**given, "number": "KS-2027-9999"}))
        assert (there.status_code, body(there)) == (nowhere.status_code, body(nowhere)), name
        assert not [n for n in numbers if n in body(there)]


@pytest.mark.parametrize("who", WHO)
def test_every_page_of_a_proposal_follows_its_stop(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)

    opened = {
        key
        for key, proposal in leaky.proposals.items()
        if client.get(f"/forslag/{proposal.number}/").status_code == 200
    }

    # The tracks have a page for everybody, and the proposals behind them have not.
    seen = SEES[who] - (set() if who in READERS else PUBLIC)
    assert opened == seen - (PUBLIC if who == "partial" else set())


READERS = {"owner", "adviser", "secretariat", "partial", "committee", "funder"}


@pytest.mark.parametrize("who", [who for who in WHO if who != "nobody"])
def test_search_finds_and_counts_only_what_one_may_see(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    visible = {
        key
        for key, proposal in leaky.proposals.items()
        if client.get(f"/forslag/{proposal.number}/").status_code == 200
    }

    found = set()
    for key, word in WORDS.items():
        page = client.get("/forslag/", {"q": word})
        if leaky.proposals[key].number in body(page):
            found.add(key)
        else:
            assert "Ingen forslag svarer til" in body(page)
    listed = body(client.get("/forslag/"))
    by_status = body(client.get("/forslag/", {"status": "approved"}))

    assert found == visible
    assert ("1 forslag" in by_status) is ("approved" in visible)
    assert {k for k, p in leaky.proposals.items() if p.number in listed} == visible
    # What a writer has changed since it was sent is found by the writers alone.
    later = body(client.get("/forslag/", {"q": "Efterskrift"}))
    assert (leaky.proposals["qualified"].number in later) is (who == "owner")


@pytest.mark.parametrize("who", WHO)
def test_nothing_leaks_in_what_is_fetched_while_one_writes(leaky: Leaky, who: str) -> None:
    client = somebody(leaky, who)
    number = leaky.proposals["opened"].number

    for word in (*WORDS.values(), "a", "ks-2027"):
        for address, name in (
            ("/forslag/nyt/organisationer/", "search"),
            (f"/forslag/{number}/afsnit/deltagere/soeg/", "soeg"),
            ("/konto/profil/organisation/", "q"),
            ("/dgo/", "kommune"),
            ("/runder.ics", "q"),
        ):
            said = body(client.get(address, {name: word}, headers={"HX-Request": "true"}))
            assert not [w for w in WORDS.values() if w in said.replace(word, "")], address


def test_letters_tell_the_secretariat_only_of_what_it_may_read(leaky: Leaky) -> None:
    for who in ("secretariat", "partial"):
        client = somebody(leaky, who)
        letters = apps.get_model("mail", "OutgoingMail").objects.all()
        said = "".join(
            body(client.get(f"/administration/breve/{letter.pk}/")) for letter in letters
        ) + body(client.get("/administration/breve/"))

        leaked = {key for key, word in WORDS.items() if word in said} - SEES[who]
        assert leaked - PUBLIC == set(), who


@pytest.mark.parametrize("who", WHO)
def test_djangos_admin_is_for_administrators_to_look_and_holds_no_proposal(
    leaky: Leaky, who: str
) -> None:
    client = somebody(leaky, who)
    before = kept()
    letter = apps.get_model("mail", "OutgoingMail").objects.order_by("pk")[0]
    names = [n for n in named_addresses(get_resolver()) if n.startswith("admin:")]

    opened, said = set(), ""
    for name in names:
        for args in ((), (letter.pk,), ("x",)):
            try:
                address = reverse(name, args=args)
            except NoReverseMatch:
                continue
            for response in (client.get(address, follow=True), client.post(address, {})):
                said += body(response)
                if response.status_code == 200 and "/admin/" in response.request["PATH_INFO"]:
                    opened.add(name)
            break

    assert ("admin:mail_outgoingmail_changelist" in opened) is (who == "administrator")
    assert not [name for name in opened if "proposals_" in name or "review_" in name]
    assert {key for key, word in WORDS.items() if word in said} <= PUBLIC | SEES[who]
    assert kept() == before


def test_a_person_with_no_role_is_told_nothing_by_counting(leaky: Leaky) -> None:
    newcomer = person("Nikolaj Ny")
    client = Client()
    client.force_login(newcomer, backend=BACKEND)

    assert "Intet venter på dig" in body(client.get("/"))
    assert not re.search(r"\d+ forslag", body(client.get("/forslag/")))
