from django.urls import path

from proposals.line import views

urlpatterns = [
    path("forslag/<number:number>/habilitet/", views.Declare.as_view(), name="declare"),
]
