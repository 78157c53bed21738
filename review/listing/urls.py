from django.urls import path

from review.listing import views

urlpatterns = [
    path("forslag/", views.ProposalList.as_view(), name="list"),
    path("forslag/i-organisationen/", views.OrganizationList.as_view(), name="organization_list"),
]
