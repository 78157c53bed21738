from django.urls import path

from proposals.commitments import views

PROPOSAL = "forslag/<number:number>/"

INVITATION = "invitation/forslag/<token>/"

urlpatterns = [
    path(f"{INVITATION}send-kode/", views.SendCode.as_view(), name="send_answer_code"),
    path(f"{INVITATION}kode/", views.EnterCode.as_view(), name="enter_answer_code"),
    path(f"{INVITATION}svar/", views.VisitPage.as_view(), name="visit"),
    path(f"{INVITATION}svar/afslut/", views.EndVisit.as_view(), name="end_visit"),
    path(f"{PROPOSAL}deltager/kontakter/", views.Contacts.as_view(), name="contacts"),
    path(f"{PROPOSAL}deltager/<int:pk>/", views.ParticipantPage.as_view(), name="participant"),
    path(f"{PROPOSAL}deltager/<int:pk>/svar/", views.OwnAnswer.as_view(), name="own_answer"),
    path(
        f"{PROPOSAL}deltager/<int:pk>/spoerg/",
        views.AskParticipant.as_view(),
        name="ask_participant",
    ),
    path(f"{PROPOSAL}deltager/<int:pk>/kommune/", views.StandIn.as_view(), name="stand_in"),
    path(
        f"{PROPOSAL}deltager/<int:pk>/svarer-selv/",
        views.AnswerOneself.as_view(),
        name="answer_oneself",
    ),
]
