from django.urls import path

from proposals.ideas import views

IDEA = "ideer/<int:pk>/"

urlpatterns = [
    path("ideer/", views.Ideas.as_view(), name="ideas"),
    path("ideer/modtaget/", views.Received.as_view(), name="received_ideas"),
    path("ideer/ny/", views.NewIdea.as_view(), name="new_idea"),
    path(IDEA, views.ShowIdea.as_view(), name="idea"),
    path(f"{IDEA}skriv/", views.WriteIdea.as_view(), name="write_idea"),
    path(f"{IDEA}send/", views.SendIdea.as_view(), name="send_idea"),
    path(f"{IDEA}slet/", views.DeleteIdea.as_view(), name="delete_idea"),
    path(f"{IDEA}laeg-til-side/", views.PutAside.as_view(), name="put_idea_aside"),
    path(f"{IDEA}tag-frem/", views.TakeUp.as_view(), name="take_idea_up"),
    path(f"{IDEA}dgo/", views.ChangeDgo.as_view(), name="change_idea_dgo"),
    path(f"{IDEA}udkast/", views.MakeDraft.as_view(), name="draft_of_idea"),
]
