"""The economy, line by line. Amounts in kroner."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from klimaspor import danish
from klimaspor.accounts.models import OrganizationKind
from klimaspor.columns import Line
from proposals.answers.sums import FinancingStatus
from proposals.economy.queries import BudgetLineQuerySet, FinancingQuerySet
from proposals.participants.models import Participant


class Financing(models.Model):
    """One line of the economy: who gives what in which year, and how sure it is. Amounts in kroner."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="financing")
    position = models.PositiveSmallIntegerField(default=0)
    year = models.PositiveSmallIntegerField(
        "år", validators=[MinValueValidator(2020), MaxValueValidator(2060)]
    )
    source = Line("kilde", max_length=200)
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)
    status = models.CharField("status", max_length=20, choices=FinancingStatus.choices)

    objects = FinancingQuerySet.as_manager()

    class Meta:
        verbose_name = "finansiering"
        verbose_name_plural = "finansiering"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="financing_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.source} {danish.money_text(self.amount)}"


class BudgetCategory(models.TextChoices):
    STAFF = "staff", "løn og timer"
    CONSULTANTS = "consultants", "ekstern rådgivning"
    EQUIPMENT = "equipment", "udstyr og materialer"
    TESTS = "tests", "test og demonstration"
    SHARING = "sharing", "formidling og videndeling"
    EVALUATION = "evaluation", "evaluering og revision"
    OTHER = "other", "andet"


class BudgetLine(models.Model):
    """One line of what the money is spent on, in which year. The amount in kroner."""

    proposal = models.ForeignKey("proposals.Proposal", models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField(default=0)
    category = models.CharField("post", max_length=20, choices=BudgetCategory.choices)
    description = Line("hvad", max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        "år", validators=[MinValueValidator(2020), MaxValueValidator(2060)]
    )
    amount = models.DecimalField("beløb", max_digits=14, decimal_places=2)
    recipient = models.ForeignKey(
        Participant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="budget_lines",
        verbose_name="modtager",
    )
    """The participant that gets the money; nobody when it goes to no participant."""

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = "budgetlinje"
        verbose_name_plural = "budgetlinjer"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="budget_line_not_negative",
                violation_error_message="Beløbet kan ikke være mindre end 0 kr.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.get_category_display()} {danish.money_text(self.amount)}"

    @property
    def goes_to_company(self) -> bool:
        """Whether the question of state aid ("statsstøtte") must be asked: the money goes to a private company."""
        return self.recipient is not None and self.recipient.kind == OrganizationKind.COMPANY
