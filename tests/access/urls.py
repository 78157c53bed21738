"""
The portal's addresses, whose refusals are not drawn: a page's frame costs more than all that decides what to answer.

What a refusal gives as its reason is still said; how it looks is tested where it is drawn.
"""

from django.http import Http404, HttpRequest, HttpResponse

from klimaspor.urls import urlpatterns

__all__ = ["urlpatterns"]


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(str(exception), status=403)


def handler404(request: HttpRequest, exception: Http404) -> HttpResponse:
    return HttpResponse(status=404)
