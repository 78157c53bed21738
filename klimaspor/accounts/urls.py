from django.urls import path
from django.views.generic import RedirectView

from klimaspor.accounts.views import (
    address,
    demo,
    invitation,
    invitations,
    organization,
    people,
    profile,
    registers,
)

app_name = "accounts"
urlpatterns = [
    path("konto/", RedirectView.as_view(pattern_name="accounts:profile"), name="account"),
    path("konto/e-mail/anden/", address.OtherAddress.as_view(), name="other_email"),
    path("konto/profil/", profile.Profile.as_view(), name="profile"),
    path("konto/profil/organisation/", profile.AddOrganization.as_view(), name="add_organization"),
    path(
        "konto/profil/organisation/ny/",
        profile.AskForOrganization.as_view(),
        name="ask_for_organization",
    ),
    path("konto/profil/organisation/<int:pk>/", profile.Claim.as_view(), name="claim"),
    path("konto/profil/tilknytning/<int:pk>/fjern/", profile.Leave.as_view(), name="leave"),
    path(
        "konto/profil/oenske/<int:pk>/fjern/",
        profile.TakeBackRequest.as_view(),
        name="take_back_request",
    ),
    path(
        "konto/organisation/forbind/", organization.Connect.as_view(), name="organization_connect"
    ),
    path("konto/bliv/", profile.Stay.as_view(), name="stay"),
    path("konto/paa-vegne-af/", profile.ActFor.as_view(), name="act_for"),
    path("invitation/<str:token>/", invitation.Invitation.as_view(), name="invitation"),
    path("administration/", registers.Front.as_view(), name="administration"),
    path("administration/personer/", people.People.as_view(), name="people"),
    path("administration/personer/<int:pk>/", people.Person.as_view(), name="person"),
    path("administration/personer/<int:pk>/luk/", people.Deactivate.as_view(), name="deactivate"),
    path("administration/personer/<int:pk>/aabn/", people.Reactivate.as_view(), name="reactivate"),
    path(
        "administration/personer/<int:pk>/to-trin/",
        people.ResetTwoSteps.as_view(),
        name="reset_two_steps",
    ),
    path("administration/roller/<int:pk>/datoer/", people.Period.as_view(), name="role_period"),
    path("administration/roller/<int:pk>/afslut/", people.EndRole.as_view(), name="end_role"),
    path("administration/tilknytninger/", people.Claims.as_view(), name="claims"),
    path(
        "administration/tilknytninger/<int:pk>/bekraeft/",
        people.ConfirmClaim.as_view(),
        name="confirm_claim",
    ),
    path(
        "administration/tilknytninger/<int:pk>/afvis/",
        people.RefuseClaim.as_view(),
        name="refuse_claim",
    ),
    path(
        "administration/tilknytninger/oensker/<int:pk>/",
        people.AnswerRequest.as_view(),
        name="answer_request",
    ),
    path("administration/invitationer/", invitations.Invitations.as_view(), name="invitations"),
    path("administration/invitationer/ny/", invitations.Invite.as_view(), name="invite"),
    path(
        "administration/invitationer/<int:pk>/traek-tilbage/",
        invitations.Withdraw.as_view(),
        name="withdraw_invitation",
    ),
    path(
        "administration/invitationer/<int:pk>/igen/",
        invitations.SendAgain.as_view(),
        name="send_invitation_again",
    ),
    path(
        "administration/invitationer/<int:pk>/send-dertil/",
        invitations.SendElsewhere.as_view(),
        name="send_invitation_elsewhere",
    ),
    path("administration/organisationer/", registers.Organizations.as_view(), name="organizations"),
    path(
        "administration/organisationer/ny/",
        registers.EditOrganization.as_view(makes=True),
        name="new_organization",
    ),
    path(
        "administration/organisationer/<int:pk>/",
        registers.EditOrganization.as_view(),
        name="organization",
    ),
    path("administration/dgo/", registers.Dgos.as_view(), name="dgos"),
    path("administration/dgo/ny/", registers.EditDgo.as_view(makes=True), name="new_dgo"),
    path("administration/dgo/<int:pk>/", registers.EditDgo.as_view(), name="dgo"),
    path("administration/kontakt/", registers.EditContact.as_view(), name="contact"),
    path("administration/koersel/", registers.Sweeps.as_view(), name="sweeps"),
    path("demo/", demo.DemoPeople.as_view(), name="demo"),
    path("demo/log-paa/<int:pk>/", demo.DemoSignIn.as_view(), name="demo_sign_in"),
]
