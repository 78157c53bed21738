"""The addresses of the procedure, and of the pages that show both worlds: the front page, the list, the proposal."""

from review.agenda import urls as agenda
from review.criteria import urls as criteria
from review.decision import urls as decision
from review.dgo_desk import urls as dgo_desk
from review.formality import urls as formality
from review.front import urls as front
from review.impartiality import urls as impartiality
from review.listing import urls as listing
from review.papers import urls as papers
from review.proposal import urls as proposal
from review.qualification import urls as qualification
from review.recommendation import urls as recommendation
from review.round_overview import urls as round_overview
from review.secretariat_desk import urls as secretariat_desk
from review.track import urls as track

app_name = "review"

urlpatterns = [
    *front.urlpatterns,
    *criteria.urlpatterns,
    *listing.urlpatterns,
    *proposal.urlpatterns,
    *qualification.urlpatterns,
    *dgo_desk.urlpatterns,
    *secretariat_desk.urlpatterns,
    *round_overview.urlpatterns,
    *formality.urlpatterns,
    *recommendation.urlpatterns,
    *impartiality.urlpatterns,
    *agenda.urlpatterns,
    *papers.urlpatterns,
    *decision.urlpatterns,
    *track.urlpatterns,
]
