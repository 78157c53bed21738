from django.urls import path

from klimaspor.mail import views

app_name = "mail"
urlpatterns = [
    path("administration/breve/", views.Letters.as_view(), name="letters"),
    path("administration/breve/igen/", views.TryAllAgain.as_view(), name="try_all_again"),
    path("administration/breve/<int:pk>/", views.Letter.as_view(), name="letter"),
    path("administration/breve/<int:pk>/igen/", views.TryAgain.as_view(), name="try_again"),
    path("demo/breve/", views.DemoLetters.as_view(), name="demo_letters"),
]
