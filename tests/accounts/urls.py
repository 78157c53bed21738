"""Every address of the portal, and those that are there where there is an organization's own service."""

from django.urls import include, path

from klimaspor import urls
from klimaspor.accounts import entrance_urls

urlpatterns = [path("konto/", include(entrance_urls.organization_urls)), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
