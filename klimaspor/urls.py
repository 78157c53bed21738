"""
Every address of the portal: each room has its own, and review's come last because "/" is among them.

Django's admin has no sign-in of its own, which would ask for no second factor and count no attempts: it leads to the
portal's. Reconsider if the admin goes.
"""

from django.contrib import admin
from django.urls import include, path

from allauth.account.decorators import secure_admin_login

from klimaspor import views

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth prescribes

urlpatterns = [
    path("admin/", admin.site.urls),
    path("konto/", include("klimaspor.accounts.entrance_urls")),
    path("sundhed/", views.health, name="health"),
    path(".well-known/security.txt", views.security, name="security"),
    path("was", views.accessibility, name="accessibility"),
    path("privatliv/", views.privacy, name="privacy"),
    path("", include("klimaspor.accounts.urls")),
    path("", include("klimaspor.mail.urls")),
    path("", include("proposals.urls")),
    path("", include("review.urls")),
]
handler400 = "klimaspor.views.bad_request"
handler403 = "klimaspor.views.forbidden"
handler404 = "klimaspor.views.not_found"
handler500 = "klimaspor.views.server_error"
