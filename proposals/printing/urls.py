from django.urls import path

from proposals.printing import views

PROPOSAL = "forslag/<number:number>/"

urlpatterns = [
    path(f"{PROPOSAL}word/", views.WordPage.as_view(), name="word"),
    path(f"{PROPOSAL}word/skema/", views.WordForm.as_view(), name="word_form"),
    path(f"{PROPOSAL}word/regneark/", views.SheetForm.as_view(), name="sheet_form"),
    path(f"{PROPOSAL}hent/<slug:what>/<slug:kind>/", views.Print.as_view(), name="print"),
]
