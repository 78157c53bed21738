from django.urls import path

from review.papers import views

MEETING = "moeder/<date:date>/"

urlpatterns = [
    path(MEETING, views.Meeting.as_view(), name="meeting"),
    path(f"{MEETING}papirer/", views.Papers.as_view(), name="papers"),
    path(f"{MEETING}papirer/<int:pk>/", views.Paper.as_view(), name="paper"),
    path(f"{MEETING}papirer/<int:pk>/igen/", views.PaperAgain.as_view(), name="paper_again"),
    path(f"{MEETING}punkt/<int:number>/", views.Item.as_view(), name="item"),
]
