"""The addresses of intake: writing, sending, reading what was sent, and the pages for everybody."""

from proposals.attachments import urls as attachments
from proposals.commitments import urls as commitments
from proposals.copying import urls as copying
from proposals.drafting import urls as drafting
from proposals.economy import urls as economy
from proposals.gates import urls as gates
from proposals.ideas import urls as ideas
from proposals.line import urls as line
from proposals.neighbours import urls as neighbours
from proposals.notes import urls as notes
from proposals.participants import urls as participants
from proposals.printing import urls as printing
from proposals.reading import urls as reading
from proposals.sparring import urls as sparring
from proposals.submission import urls as submission
from proposals.writers import urls as writers

app_name = "proposals"

urlpatterns = [
    # Sections with a page of their own come before drafting, whose sections have any name.
    *participants.urlpatterns,
    *economy.urlpatterns,
    *attachments.urlpatterns,
    *drafting.urlpatterns,
    *commitments.urlpatterns,
    *writers.urlpatterns,
    *sparring.urlpatterns,
    *notes.urlpatterns,
    *gates.urlpatterns,
    *reading.urlpatterns,
    *printing.urlpatterns,
    *neighbours.urlpatterns,
    *copying.urlpatterns,
    *ideas.urlpatterns,
    *submission.urlpatterns,
    *line.urlpatterns,
]
