"""Every address of the portal: each room has its own, and review's come last because "/" is among them."""

from django.contrib import admin
from django.urls import include, path

from klimaspor import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("konto/", include("klimaspor.accounts.entrance_urls")),
    path("sundhed/", views.health, name="health"),
    path("was", views.accessibility, name="accessibility"),
    path("privatliv/", views.privacy, name="privacy"),
    path("", include("klimaspor.accounts.urls")),
    path("", include("klimaspor.mail.urls")),
    path("", include("proposals.urls")),
    path("", include("review.urls")),
]
handler403 = "klimaspor.views.forbidden"
handler404 = "klimaspor.views.not_found"
handler500 = "klimaspor.views.server_error"
