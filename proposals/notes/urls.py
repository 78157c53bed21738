from django.urls import path

from proposals.notes import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}notater/nyt/", views.NewNote.as_view(), name="note"),
    path(f"{PROPOSAL}notater/<int:pk>/ret/", views.CorrectNote.as_view(), name="correct_note"),
]
