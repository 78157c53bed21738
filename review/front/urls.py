from django.urls import path

from review.front import views

urlpatterns = [
    path("", views.Front.as_view(), name="front"),
]
