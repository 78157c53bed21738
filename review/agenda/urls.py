from django.urls import path

from review.agenda import views

AGENDA = "moeder/<date:date>/dagsorden/"
MEETING = "moeder/<date:date>/"

urlpatterns = [
    path("moeder/", views.Meetings.as_view(), name="meetings"),
    path("moeder/ny/", views.NewAgenda.as_view(), name="new_agenda"),
    path(AGENDA, views.Assemble.as_view(), name="agenda"),
    path(f"{AGENDA}tid/", views.ChangeMeeting.as_view(), name="change_meeting"),
    path(f"{AGENDA}forslag/", views.AddProposal.as_view(), name="add_proposal"),
    path(f"{AGENDA}punkt/", views.AddItem.as_view(), name="add_item"),
    path(f"{AGENDA}punkt/<int:pk>/", views.EditItem.as_view(), name="edit_item"),
    path(f"{AGENDA}punkt/<int:pk>/flyt/", views.MoveItem.as_view(), name="move_item"),
    path(f"{AGENDA}punkt/<int:pk>/fjern/", views.RemoveItem.as_view(), name="remove_item"),
    path(f"{MEETING}udsend/", views.Publish.as_view(), name="publish"),
]
