from django.urls import path

from review.impartiality import views

SECRETARIAT = "sekretariat/"

urlpatterns = [
    path(f"{SECRETARIAT}habilitet/", views.Impartialities.as_view(), name="impartialities"),
    path(f"{SECRETARIAT}habilitet/<int:pk>/", views.Settle.as_view(), name="settle"),
    path(f"{SECRETARIAT}habilitet/<int:pk>/igen/", views.AskAgain.as_view(), name="ask_again"),
]
