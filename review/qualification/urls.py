from django.urls import path

from review.qualification import views

QUALIFICATION = "kvalificering/<number:number>/"
SECRETARIAT = "sekretariat/"

urlpatterns = [
    path("forslag/<number:number>/svar/", views.Reply.as_view(), name="reply"),
    path(QUALIFICATION, views.Qualify.as_view(), name="qualify"),
    path(f"{QUALIFICATION}begynd/", views.Begin.as_view(), name="begin_qualification"),
    path(f"{QUALIFICATION}hvem/", views.Assign.as_view(), name="assign"),
    path(f"{QUALIFICATION}afgiv/", views.Complete.as_view(), name="complete_qualification"),
    path(f"{QUALIFICATION}medunderskriv/", views.CoSign.as_view(), name="cosign"),
    path(
        f"{QUALIFICATION}medunderskriv/fortryd/",
        views.TakeBackSignature.as_view(),
        name="take_back_signature",
    ),
    path(f"{QUALIFICATION}aendr/", views.Amend.as_view(), name="amend_qualification"),
    path(f"{QUALIFICATION}tilbage/", views.Return.as_view(), name="return_for_changes"),
    path(f"{SECRETARIAT}traed-ind/<number:number>/", views.StepIn.as_view(), name="step_in"),
    path(f"{SECRETARIAT}traed-ind/<number:number>/frafald/", views.Waive.as_view(), name="waive"),
]
