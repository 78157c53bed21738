from django.urls import path

from proposals.copying import views

urlpatterns = [
    path("forslag/<number:number>/kopier/", views.Copy.as_view(), name="copy"),
]
