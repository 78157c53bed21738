from django.urls import path

from review.round_overview import views

ROUND = "sekretariat/runder/<int:pk>/"

urlpatterns = [
    path(ROUND, views.RoundOverview.as_view(), name="round"),
    path(f"{ROUND}hele/", views.WholeRound.as_view(), name="whole_round"),
    path(f"{ROUND}hent/<str:kind>/", views.RoundFile.as_view(), name="round_file"),
]
