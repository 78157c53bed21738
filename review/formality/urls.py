from django.urls import path

from review.formality import views

CHECK = "sekretariat/formalia/<number:number>/"

urlpatterns = [
    path(CHECK, views.Formality.as_view(), name="formality"),
    path(f"{CHECK}mangler/", views.RequestCompletion.as_view(), name="request_completion"),
    path(f"{CHECK}afvis/", views.Refuse.as_view(), name="refuse"),
    path(f"{CHECK}genoptag/", views.Reopen.as_view(), name="reopen"),
]
