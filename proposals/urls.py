"""The addresses of intake: writing, sending, reading what was sent, and the pages for everybody."""

from django.urls import path, register_converter

from proposals.views import (
    access,
    advice,
    attachments,
    autosave,
    commitments,
    copying,
    drafting,
    economy,
    files,
    neighbours,
    participants,
    prints,
    public,
    reading,
    rounds,
    secretariat,
    submission,
    withdrawal,
    word,
)


class ProposalNumber:
    """A proposal's number, e.g. KS-2026-0012; what has another shape leads nowhere."""

    regex = "KS-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProposalNumber, "number")

app_name = "proposals"

P = "forslag/<number:number>/"

urlpatterns = [
    path("runder/", public.Rounds.as_view(), name="rounds"),
    path("runder.ics", public.RoundCalendar.as_view(), name="rounds_ics"),
    path("dgo/", public.Dgos.as_view(), name="dgos"),
    path("spor/", public.Tracks.as_view(), name="tracks"),
    path("forslag/nyt/", drafting.NewProposal.as_view(), name="new"),
    path(
        "forslag/nyt/organisationer/",
        drafting.OrganizationChoices.as_view(),
        name="organization_choices",
    ),
    path(f"{P}afsnit/", drafting.Tasks.as_view(), name="tasks"),
    path(f"{P}afsnit/deltagere/", participants.ParticipantsPage.as_view(), name="participants"),
    path(
        f"{P}afsnit/deltagere/soeg/",
        participants.ParticipantSearch.as_view(),
        name="participant_search",
    ),
    path(f"{P}deltager/<int:pk>/", commitments.ParticipantPage.as_view(), name="participant"),
    path(
        f"{P}deltager/<int:pk>/spoerg/",
        commitments.AskParticipant.as_view(),
        name="ask_participant",
    ),
    path(
        f"{P}deltager/<int:pk>/svarer-selv/",
        commitments.AnswerOneself.as_view(),
        name="answer_oneself",
    ),
    path(f"{P}afsnit/oekonomi/", economy.EconomyPage.as_view(), name="economy"),
    path(f"{P}afsnit/oekonomi/summer/", economy.EconomySums.as_view(), name="economy_sums"),
    path(f"{P}afsnit/bilag/", attachments.AttachmentsPage.as_view(), name="attachments"),
    path(f"{P}afsnit/<slug:slug>/", drafting.SectionPage.as_view(), name="section"),
    path(f"{P}word/", word.WordPage.as_view(), name="word"),
    path(f"{P}word/skema/", prints.WordForm.as_view(), name="word_form"),
    path(f"{P}hent/<slug:what>/<slug:kind>/", prints.Print.as_view(), name="print"),
    path(f"{P}afsnit/<slug:slug>/gem/", autosave.Autosave.as_view(), name="autosave"),
    path(f"{P}tjek/", submission.Check.as_view(), name="check"),
    path(f"{P}indsend/", submission.Submit.as_view(), name="submit"),
    path(f"{P}kvittering/<int:version>/", submission.Receipt.as_view(), name="receipt"),
    path(f"{P}traek-tilbage/", withdrawal.Withdraw.as_view(), name="withdraw"),
    path(f"{P}flyt/", withdrawal.MoveRound.as_view(), name="move_round"),
    path(f"{P}kopier/", copying.Copy.as_view(), name="copy"),
    path(f"{P}naboer/", neighbours.NeighboursPage.as_view(), name="neighbours"),
    path(f"{P}overdrag/", secretariat.HandOver.as_view(), name="hand_over"),
    path(f"{P}adgang/", access.AccessPage.as_view(), name="access"),
    path(f"{P}adgang/<int:pk>/fjern/", access.Remove.as_view(), name="remove_person"),
    path(
        f"{P}adgang/invitation/<int:pk>/traek-tilbage/",
        access.WithdrawInvitation.as_view(),
        name="withdraw_invitation",
    ),
    path(
        f"{P}adgang/invitation/<int:pk>/send-igen/",
        access.SendInvitationAgain.as_view(),
        name="send_invitation_again",
    ),
    path(f"{P}forlad/", access.Leave.as_view(), name="leave"),
    path(f"{P}paa-vegne-af/", access.OnBehalf.as_view(), name="change_organization"),
    path("invitation/forslag/<token>/", access.InvitationPage.as_view(), name="invitation"),
    path(f"{P}dgo/", secretariat.ChangeDgo.as_view(), name="change_dgo"),
    path(f"{P}habilitet/", withdrawal.Declare.as_view(), name="declare"),
    path(f"{P}sparring/aabn/", advice.OpenSparring.as_view(), name="open_sparring"),
    path(f"{P}sparring/luk/", advice.CloseSparring.as_view(), name="close_sparring"),
    path(f"{P}sparring/kommentar/", advice.Comment.as_view(), name="comment"),
    path(f"{P}sparring/svar/<int:pk>/", advice.Answer.as_view(), name="answer"),
    path(f"{P}sparring/afslut/<int:pk>/", advice.Resolve.as_view(), name="resolve"),
    path(f"{P}versioner/<int:version>/", reading.VersionPage.as_view(), name="version"),
    path(f"{P}versioner/<int:version>/pdf/", reading.VersionPdf.as_view(), name="version_pdf"),
    path(f"{P}sammenlign/<int:first>/<int:second>/", reading.Compare.as_view(), name="compare"),
    path(f"{P}sammenlign/nu/", reading.ChangedSince.as_view(), name="changed_since"),
    path(f"{P}bilag/<int:pk>/", files.AttachmentFile.as_view(), name="attachment"),
    path("administration/runder/", rounds.RoundList.as_view(), name="rounds_admin"),
    path("administration/runder/ny/", rounds.RoundEdit.as_view(), name="round_new"),
    path("administration/runder/<int:pk>/", rounds.RoundEdit.as_view(), name="round_edit"),
    path(
        "administration/dispensation/<number:number>/",
        secretariat.GrantDispensation.as_view(),
        name="dispensation",
    ),
    path(
        "administration/dispensation/<number:number>/<int:pk>/traek-tilbage/",
        secretariat.WithdrawDispensation.as_view(),
        name="withdraw_dispensation",
    ),
    path("administration/registrer/", secretariat.Register.as_view(), name="register"),
    path("administration/uden-ejer/", secretariat.Orphaned.as_view(), name="orphaned"),
]
