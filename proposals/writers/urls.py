from django.urls import path

from proposals.writers import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}overdrag/", views.HandOver.as_view(), name="hand_over"),
    path(f"{PROPOSAL}adgang/", views.AccessPage.as_view(), name="access"),
    path(
        f"{PROPOSAL}adgang/vis/",
        views.ListToMembers.as_view(is_listed=True),
        name="list_to_members",
    ),
    path(
        f"{PROPOSAL}adgang/vis-ikke/",
        views.ListToMembers.as_view(is_listed=False),
        name="unlist",
    ),
    path(f"{PROPOSAL}adgang/<int:pk>/fjern/", views.Remove.as_view(), name="remove_person"),
    path(f"{PROPOSAL}adgang/<int:pk>/behold/", views.Keep.as_view(), name="keep_person"),
    path(
        f"{PROPOSAL}adgang/invitation/<int:pk>/traek-tilbage/",
        views.WithdrawInvitation.as_view(),
        name="withdraw_invitation",
    ),
    path(
        f"{PROPOSAL}adgang/invitation/<int:pk>/send-igen/",
        views.SendInvitationAgain.as_view(),
        name="send_invitation_again",
    ),
    path(
        f"{PROPOSAL}adgang/invitation/<int:pk>/send-dertil/",
        views.SendInvitationAgain.as_view(is_elsewhere=True, makes=False),
        name="send_invitation_elsewhere",
    ),
    path(f"{PROPOSAL}forlad/", views.Leave.as_view(), name="leave"),
    path(f"{PROPOSAL}paa-vegne-af/", views.OnBehalf.as_view(), name="change_organization"),
    path(
        f"{PROPOSAL}paa-vegne-af/ret/",
        views.CorrectOrganization.as_view(),
        name="correct_organization",
    ),
    path(
        f"{PROPOSAL}paa-vegne-af/<int:pk>/bekraeft/",
        views.ConfirmOrganization.as_view(),
        name="confirm_organization",
    ),
    path("invitation/forslag/<token>/", views.InvitationPage.as_view(), name="invitation"),
    path("administration/uden-ejer/", views.Orphaned.as_view(), name="orphaned"),
]
