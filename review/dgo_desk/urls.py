from django.urls import path

from review.dgo_desk import views

urlpatterns = [
    path("kvalificering/", views.Desk.as_view(), name="dgo_desk"),
    path("kvalificering/visninger/", views.Views.as_view(), name="dgo_views"),
    path("kvalificering/visninger/ny/", views.NewView.as_view(), name="new_dgo_view"),
    path("kvalificering/visninger/<int:pk>/", views.EditView.as_view(), name="dgo_view"),
    path(
        "kvalificering/visninger/<int:pk>/fjern/",
        views.RemoveView.as_view(),
        name="remove_dgo_view",
    ),
    path("kvalificering/<number:number>/giv-videre/", views.PassOn.as_view(), name="pass_on"),
]
