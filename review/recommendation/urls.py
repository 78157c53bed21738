from django.urls import path

from review.recommendation import views

SECRETARIAT = "sekretariat/"

urlpatterns = [
    path(
        f"{SECRETARIAT}indstilling/<number:number>/", views.Write.as_view(), name="recommendation"
    ),
    path(
        f"{SECRETARIAT}indstilling/<number:number>/indstil/",
        views.Recommend.as_view(),
        name="recommend",
    ),
    path(f"{SECRETARIAT}ret/<number:number>/", views.Correct.as_view(), name="correct"),
]
