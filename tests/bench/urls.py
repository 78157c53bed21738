"""The portal's addresses, and the two views that everything is held against."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from proposals.models import Proposal

ROWS = engines["django"].from_string(
    "<!doctype html><title>bare</title><table>{% for p in rows %}<tr><td>{{ p.number }}</td><td>{{ p.title }}</td>"
    "<td>{{ p.get_status_display }}</td><td>{{ p.edited_at }}</td></tr>{% endfor %}</table>"
)


def empty(request: HttpRequest) -> HttpResponse:
    """Answer a signed-in person with nothing: what session and middleware cost."""
    return HttpResponse(f"<p>{request.user}</p>")


def bare(request: HttpRequest) -> HttpResponse:
    """Answer with 25 rows and no rules about who sees them: what Django costs."""
    rows = Proposal.objects.select_related("round").newest_first()[:25]
    return HttpResponse(ROWS.render({"rows": rows, "user": request.user}, request))


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/bare/", bare),
    path("", include("klimaspor.urls")),
]
