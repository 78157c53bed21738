"""The portal's addresses, and the two views that everything is held against."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from proposals.line.models import Proposal

LIST = engines["django"].from_string("""<!doctype html>
<html lang="da">
<head>
  <meta charset="utf-8"><title>Forslag</title>
  {% load static %}<link rel="stylesheet" href="{% static 'css/dkfds.css' %}">
</head>
<body>
<header><a href="/">Klimaspor</a> <a href="{% url 'review:list' %}">Forslag</a> {{ user.name }}</header>
<h1>Forslag</h1>
<table>
  <thead><tr><th>Nummer</th><th>Titel</th><th>Status</th><th>DGO</th><th>Runde</th><th>Frist</th><th>Ændret</th></tr></thead>
  <tbody>{% for proposal in page %}<tr>
    <td>{{ proposal.number }}</td>
    <td><a href="{% url 'review:proposal' proposal.number %}">{{ proposal.title }}</a>{% if proposal.organization %}<br>{{ proposal.organization.name }}{% endif %}</td>
    <td>{{ proposal.get_status_display }}</td>
    <td>{{ proposal.lead_dgo.name|default:"Ikke valgt" }}</td>
    <td>{{ proposal.round.name }}</td>
    <td>{{ proposal.round.approval_deadline_at|date }}</td>
    <td>{{ proposal.edited_at|date }}</td>
  </tr>{% endfor %}</tbody>
</table>
<p>{{ page.number }} af {{ page.paginator.num_pages }}{% if page.has_next %} <a href="?page={{ page.next_page_number }}">Næste</a>{% endif %}</p>
</body>
</html>""")


def empty(request: HttpRequest) -> HttpResponse:
    """Answer a signed-in person with nothing: what session and middleware cost."""
    return HttpResponse(f"<p>{request.user}</p>")


def bare(request: HttpRequest) -> HttpResponse:
    """
    Answer with an ordinary list page of 25 rows: the columns of ours, counted and paged.

    No rules about who sees them, no search, no menu, no design: what Django costs.
    """
    rows = Proposal.objects.select_related("round", "organization", "lead_dgo").newest_first()
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    return HttpResponse(LIST.render({"page": page, "user": request.user}, request))


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/bare/", bare),
    path("", include("klimaspor.urls")),
]
