"""The addresses of intake: writing, sending, reading what was sent, and the pages for everybody."""

from django.urls import path, register_converter

from proposals.views import (
    advice,
    attachments,
    copying,
    drafting,
    economy,
    neighbours,
    participants,
    public,
    reading,
    rounds,
    secretariat,
    submission,
    withdrawal,
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
    path(f"{P}afsnit/oekonomi/", economy.EconomyPage.as_view(), name="economy"),
    path(f"{P}afsnit/bilag/", attachments.AttachmentsPage.as_view(), name="attachments"),
    path(f"{P}afsnit/<slug:slug>/", drafting.SectionPage.as_view(), name="section"),
    path(f"{P}tjek/", submission.Check.as_view(), name="check"),
    path(f"{P}indsend/", submission.Submit.as_view(), name="submit"),
    path(f"{P}kvittering/<int:version>/", submission.Receipt.as_view(), name="receipt"),
    path(f"{P}traek-tilbage/", withdrawal.Withdraw.as_view(), name="withdraw"),
    path(f"{P}flyt/", withdrawal.MoveRound.as_view(), name="move_round"),
    path(f"{P}kopier/", copying.Copy.as_view(), name="copy"),
    path(f"{P}naboer/", neighbours.NeighboursPage.as_view(), name="neighbours"),
    path(f"{P}overdrag/", secretariat.HandOver.as_view(), name="hand_over"),
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
    path(f"{P}bilag/<int:pk>/", reading.AttachmentFile.as_view(), name="attachment"),
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
