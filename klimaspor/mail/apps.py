from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "klimaspor.mail"
    label = "mail"
    verbose_name = "Post"
