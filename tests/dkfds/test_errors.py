"""The pages for when something is wrong: in the same face, and each says what to do."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

import pytest

from klimaspor import views


@pytest.mark.parametrize(
    ("template", "heading"),
    (
        ("403.html", "Du har ikke adgang"),
        ("403_csrf.html", "Siden var for gammel"),
        ("404.html", "Siden findes ikke"),
        ("429.html", "Vent lidt"),
        ("500.html", "Der er sket en fejl"),
        ("503.html", "Det virker ikke lige nu"),
    ),
)
def test_error_page_needs_nothing_and_says_what_to_do(template: str, heading: str) -> None:
    html = render_to_string(template)

    assert html.count("<h1>") == 1
    assert f"<h1>{heading}</h1>" in html
    assert '<html lang="da">' in html
    assert "klimaalliancen@kl.dk" in html


def test_server_error_asks_the_database_nothing(rf: RequestFactory) -> None:
    # This test has no database: a query would fail it.
    response = views.server_error(rf.get("/"))

    assert response.status_code == 500
    assert "Der er sket en fejl" in response.content.decode()


@pytest.mark.django_db
def test_unknown_address_says_nothing_of_what_was_asked_for(client: Client) -> None:
    response = client.get("/forslag/KS-2027-9999/hemmelig/")

    assert "KS-2027-9999" not in response.content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.django_db
def test_refusal_says_its_reason_escaped(rf: RequestFactory) -> None:
    request = anonymous(rf.get("/"))

    response = views.forbidden(request, PermissionDenied("Kun <b>sekretariatet</b> må det"))

    assert "Kun &lt;b&gt;sekretariatet&lt;/b&gt; må det" in response.content.decode()


@pytest.mark.django_db
def test_old_page_is_refused_in_danish() -> None:
    response = Client(enforce_csrf_checks=True).post("/konto/log-paa/", {"login": "x"})

    assert response.status_code == 403
    assert "Siden var for gammel" in response.content.decode()


def test_old_page_whose_text_was_kept_leads_back_to_it() -> None:
    html = render_to_string("403_csrf.html", {"is_kept": True})

    assert "Det, du skrev, er gemt." in html
    assert "Åbn siden igen" in html


def anonymous(request: HttpRequest) -> HttpRequest:
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "heading"), (("/was", "Tilgængelighedserklæring"), ("/privatliv/", "Privatliv"))
)
def test_promises_are_open_to_everybody(client: Client, address: str, heading: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert f"<h1>{heading}</h1>" in response.content.decode()
