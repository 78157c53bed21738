from django.urls import path

from review.criteria import views

CRITERIA = "administration/kriterier/"

urlpatterns = [
    path("krav/", views.Requirements.as_view(), name="requirements"),
    path(CRITERIA, views.CriteriaRounds.as_view(), name="criteria"),
    path(f"{CRITERIA}<int:round>/", views.RoundCriteria.as_view(), name="round_criteria"),
    path(f"{CRITERIA}<int:round>/ny/", views.NewCriterion.as_view(), name="new_criterion"),
    path(f"{CRITERIA}<int:round>/kopier/", views.CopyCriteria.as_view(), name="copy_criteria"),
    path(f"{CRITERIA}punkt/<int:criterion>/", views.EditCriterion.as_view(), name="criterion"),
    path(
        f"{CRITERIA}punkt/<int:criterion>/afloes/",
        views.ReplaceCriterion.as_view(),
        name="replace_criterion",
    ),
    path(
        f"{CRITERIA}punkt/<int:criterion>/flyt/",
        views.MoveCriterion.as_view(),
        name="move_criterion",
    ),
    path(
        f"{CRITERIA}punkt/<int:criterion>/fjern/",
        views.RemoveCriterion.as_view(),
        name="remove_criterion",
    ),
]
