from django.urls import path

from proposals.attachments import views

urlpatterns = [
    path(
        "forslag/<number:number>/afsnit/bilag/", views.AttachmentsPage.as_view(), name="attachments"
    ),
]
