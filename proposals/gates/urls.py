from django.urls import path

from proposals.gates import views

urlpatterns = [
    path("runder/", views.Rounds.as_view(), name="rounds"),
    path("runder.ics", views.RoundCalendar.as_view(), name="rounds_ics"),
    path("administration/runder/", views.RoundList.as_view(), name="rounds_admin"),
    path("administration/runder/ny/", views.RoundEdit.as_view(makes=True), name="round_new"),
    path("administration/runder/<int:pk>/", views.RoundEdit.as_view(), name="round_edit"),
    path(
        "administration/dispensation/<number:number>/",
        views.GrantDispensation.as_view(),
        name="dispensation",
    ),
    path(
        "administration/dispensation/<number:number>/<int:pk>/traek-tilbage/",
        views.WithdrawDispensation.as_view(),
        name="withdraw_dispensation",
    ),
]
