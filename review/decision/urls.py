from django.urls import path

from review.decision import views

MEETING = "moeder/<date:date>/"

urlpatterns = [
    path(f"{MEETING}beslutninger/", views.Decisions.as_view(), name="decisions"),
    path(f"{MEETING}beslutninger/<int:pk>/", views.Decide.as_view(), name="decide"),
    path(
        f"{MEETING}beslutninger/<int:pk>/kasser/", views.Discard.as_view(), name="discard_decision"
    ),
    path(f"{MEETING}frigiv/", views.Release.as_view(), name="release"),
]
