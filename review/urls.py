"""The addresses of the procedure, and of the pages that show both worlds: the front page, the list, the proposal."""

from datetime import date

from django.urls import path, register_converter

from review import administration
from review.views import (
    agenda,
    decisions,
    formality,
    front,
    funding,
    impartiality,
    meetings,
    papers,
    proposal,
    qualification,
    recommendation,
    secretariat,
    step_in,
)


class IsoDate:
    """A date as 2027-05-27."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(IsoDate, "date")

app_name = "review"

P = "forslag/<number:number>/"
Q = "kvalificering/<number:number>/"
S = "sekretariat/"
M = "moeder/<date:date>/"
A = f"{M}dagsorden/"
B = f"{S}bidragydere/<number:number>/"
K = "administration/kriterier/"

urlpatterns = [
    path("", front.Front.as_view(), name="front"),
    path("krav/", front.Requirements.as_view(), name="requirements"),
    path("forslag/", proposal.ProposalList.as_view(), name="list"),
    path(P, proposal.Overview.as_view(), name="proposal"),
    path(f"{P}indhold/", proposal.Contents.as_view(), name="content"),
    path(f"{P}sparring/", proposal.Sparring.as_view(), name="sparring"),
    path(f"{P}versioner/", proposal.Versions.as_view(), name="versions"),
    path(f"{P}forloeb/", proposal.History.as_view(), name="history"),
    path(f"{P}svar/", proposal.Reply.as_view(), name="reply"),
    path("kvalificering/", qualification.Desk.as_view(), name="dgo_desk"),
    path(Q, qualification.Qualify.as_view(), name="qualify"),
    path(f"{Q}begynd/", qualification.Begin.as_view(), name="begin_qualification"),
    path(f"{Q}hvem/", qualification.Assign.as_view(), name="assign"),
    path(f"{Q}afgiv/", qualification.Complete.as_view(), name="complete_qualification"),
    path(f"{Q}tilbage/", qualification.Return.as_view(), name="return_for_changes"),
    path(S, secretariat.Desk.as_view(), name="secretariat"),
    path(f"{S}formalia/<number:number>/", formality.Formality.as_view(), name="formality"),
    path(
        f"{S}formalia/<number:number>/mangler/",
        formality.RequestCompletion.as_view(),
        name="request_completion",
    ),
    path(f"{S}formalia/<number:number>/afvis/", formality.Refuse.as_view(), name="refuse"),
    path(f"{S}formalia/<number:number>/genoptag/", formality.Reopen.as_view(), name="reopen"),
    path(f"{S}indstilling/<number:number>/", recommendation.Write.as_view(), name="recommendation"),
    path(
        f"{S}indstilling/<number:number>/indstil/",
        recommendation.Recommend.as_view(),
        name="recommend",
    ),
    path(f"{S}ret/<number:number>/", recommendation.Correct.as_view(), name="correct"),
    path(f"{S}traed-ind/<number:number>/", step_in.StepIn.as_view(), name="step_in"),
    path(f"{S}traed-ind/<number:number>/frafald/", step_in.Waive.as_view(), name="waive"),
    path(f"{S}habilitet/", impartiality.Impartialities.as_view(), name="impartialities"),
    path(f"{S}habilitet/<int:pk>/", impartiality.Settle.as_view(), name="settle"),
    path("moeder/", meetings.Meetings.as_view(), name="meetings"),
    path("moeder/ny/", meetings.NewAgenda.as_view(), name="new_agenda"),
    path(M, papers.Meeting.as_view(), name="meeting"),
    path(f"{M}papirer/", papers.Papers.as_view(), name="papers"),
    path(f"{M}papirer/<int:pk>/", papers.Paper.as_view(), name="paper"),
    path(f"{M}papirer/<int:pk>/igen/", papers.PaperAgain.as_view(), name="paper_again"),
    path(f"{M}punkt/<int:number>/", papers.Item.as_view(), name="item"),
    path(A, agenda.Assemble.as_view(), name="agenda"),
    path(f"{A}tid/", agenda.ChangeMeeting.as_view(), name="change_meeting"),
    path(f"{A}forslag/", agenda.AddProposal.as_view(), name="add_proposal"),
    path(f"{A}punkt/", agenda.AddItem.as_view(), name="add_item"),
    path(f"{A}punkt/<int:pk>/", agenda.EditItem.as_view(), name="edit_item"),
    path(f"{A}punkt/<int:pk>/flyt/", agenda.MoveItem.as_view(), name="move_item"),
    path(f"{A}punkt/<int:pk>/fjern/", agenda.RemoveItem.as_view(), name="remove_item"),
    path(f"{M}udsend/", agenda.Publish.as_view(), name="publish"),
    path(f"{M}beslutninger/", decisions.Decisions.as_view(), name="decisions"),
    path(f"{M}beslutninger/<int:pk>/", decisions.Decide.as_view(), name="decide"),
    path(f"{M}frigiv/", decisions.Release.as_view(), name="release"),
    path("bevillinger/", funding.Funding.as_view(), name="funding"),
    path("bevillinger/<int:pk>/", funding.Consent.as_view(), name="consent"),
    path(B, funding.Consents.as_view(), name="consents"),
    path(f"{B}svar/<int:pk>/", funding.Enter.as_view(), name="enter"),
    path(f"{B}dokument/<int:pk>/", funding.Document.as_view(), name="document"),
    path(f"{B}igangsaet/", funding.Launch.as_view(), name="launch"),
    path(f"{B}bortfald/", funding.Lapse.as_view(), name="lapse"),
    path(f"{B}indstil-igen/", funding.Retable.as_view(), name="retable"),
    path(f"{B}afslut/", funding.CompleteTrack.as_view(), name="complete"),
    path(f"{B}afbryd/", funding.Discontinue.as_view(), name="discontinue"),
    path(K, administration.CriteriaRounds.as_view(), name="criteria"),
    path(f"{K}<int:pk>/", administration.RoundCriteria.as_view(), name="round_criteria"),
    path(f"{K}<int:pk>/ny/", administration.NewCriterion.as_view(), name="new_criterion"),
    path(f"{K}<int:pk>/kopier/", administration.CopyCriteria.as_view(), name="copy_criteria"),
    path(f"{K}punkt/<int:pk>/", administration.EditCriterion.as_view(), name="criterion"),
    path(f"{K}punkt/<int:pk>/flyt/", administration.MoveCriterion.as_view(), name="move_criterion"),
    path(
        f"{K}punkt/<int:pk>/fjern/",
        administration.RemoveCriterion.as_view(),
        name="remove_criterion",
    ),
]
