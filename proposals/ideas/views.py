"""An idea: written, sent, read, answered, and the draft it becomes; and the lists of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from klimaspor import danish, unsent
from klimaspor.accounts.context import acting_for
from klimaspor.accounts.models import Dgo
from klimaspor.pages import FormPage, Page, Press, TurnedAway
from klimaspor.refusals import Refused
from proposals.answers import privacy
from proposals.drafting.organizations import acted_for, meeting_days
from proposals.ideas import steps as ideas
from proposals.ideas.forms import (
    NOBODY,
    TEXTS,
    DraftForm,
    IdeaDgoForm,
    IdeaFilters,
    IdeaForm,
    ReplyForm,
)
from proposals.ideas.models import Idea
from proposals.ideas.pages import drafts_seen, state_of
from proposals.ideas.seen import shown_dgo, shown_idea
from proposals.line.parts import PressForm
from proposals.rounds.models import Round

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from klimaspor.accounts.models import Organization
    from klimaspor.pages import Crumbs
    from klimaspor.seen import Shown
    from proposals.ideas.queries import IdeaQuerySet
    from proposals.rounds.queries import RoundQuerySet

NOT_YOURS = "Du kan læse idéen, men ikke gøre dette."
MINE, RECEIVED = "Mine idéer", "Idéer til DGO'erne"


class IdeaPage(Page):
    """A page about one idea: 404 for whoever cannot read it, 403 for who may not do this: its owner may, where nothing else is said."""

    heading: ClassVar[str] = "Idé"
    is_owners: ClassVar[bool] = True
    idea: Idea

    def load(self) -> None:
        found = Idea.objects.visible_to(self.user, at=self.at).with_row()
        idea = found.filter(pk=self.kwargs["pk"]).first()
        if idea is None:
            self.give_back()
            raise Http404
        self.idea = idea
        self.is_owner = idea.owner_id == self.user.pk
        if self.is_owners and not self.is_owner:
            raise PermissionDenied(NOT_YOURS)

    def give_back(self) -> None:
        """
        Show what was typed to whoever could write here when the page was opened, and cannot now.

        :raises TurnedAway:
        """
        came_from = (self.request.path, reverse("proposals:idea", args=[self.kwargs["pk"]]))
        if self.request.method != "POST" or not unsent.is_from(self.request, *came_from):
            return
        texts = [self.request.POST.get(name, "").strip() for name in (*TEXTS, "text")]
        raise TurnedAway("proposals/ideas/lost.html", at=self.at, texts=[t for t in texts if t])

    def url(self, name: str) -> str:
        return reverse(f"proposals:{name}", args=[self.idea.pk])

    @property
    def address(self) -> str:
        return self.url("idea")

    @property
    def may_move(self) -> bool:
        """Whoever reads it without owning it answers it."""
        may_still = not self.is_owner or not ideas.is_answered(self.idea)
        return self.idea.is_open and may_still

    def crumbs(self) -> Crumbs:
        way: Crumbs = [("/", "Forside"), _list_of(is_owner=self.is_owner)]
        if self.heading != IdeaPage.heading:
            way.append((self.address, str(self.idea)))
            return [*way, (None, self.heading)]
        return [*way, (None, str(self.idea))]

    def context(self) -> dict[str, Any]:
        return {
            "idea": self.idea,
            "is_owner": self.is_owner,
            "subject": str(self.idea),
            "breadcrumbs": self.crumbs(),
            "cancel": self.address,
            **super().context(),
        }


def _list_of(*, is_owner: bool) -> tuple[str, str]:
    name, label = ("ideas", MINE) if is_owner else ("received_ideas", RECEIVED)
    return reverse(f"proposals:{name}"), label


def _open_rounds(page: Page) -> RoundQuerySet:
    return Round.objects.open(at=page.at).upcoming(at=page.at).soonest_first()


def _dgos(page: Page) -> Any:
    return Dgo.objects.valid(danish.day_of(page.at)).by_name()


# Written and sent


class _Writing(FormPage):
    """Half a page: saved as often as one likes, and sent from a last look at it."""

    template_name = "proposals/ideas/write.html"
    button = "Gem, og se idéen igennem"

    @cached_property
    def acted_for(self) -> list[Organization]:
        return acted_for(self.user, days=meeting_days(_open_rounds(self), at=self.at), at=self.at)

    def after(self, idea: Idea) -> str:
        """Give where the press leads: to the last look, or back to what is written."""
        is_kept = self.request.POST.get("do") == "save"
        return reverse(f"proposals:{'write_idea' if is_kept else 'send_idea'}", args=[idea.pk])

    def warn_of_cpr(self, said: dict[str, Any]) -> None:
        if any(danish.has_cpr_number(said[name]) for name in TEXTS):
            messages.warning(self.request, privacy.IDEA_WARNING)


class NewIdea(_Writing):
    """A new idea, with the DGO of whom its writer acts for."""

    makes = True
    heading: ClassVar[str] = "Ny idé"

    def form(self, data: Any = None) -> IdeaForm:
        chosen = acting_for(self.request)
        mine = {one.pk: one for one in self.acted_for}
        if chosen not in mine:
            chosen = next(iter(mine)) if len(mine) == 1 else None
        suggested = ideas.suggested(mine[chosen], at=self.at) if chosen else None
        initial = {"organization": chosen or ("" if mine else NOBODY), "dgo": suggested}
        return IdeaForm(data, organizations=self.acted_for, dgos=_dgos(self), initial=initial)

    def act(self, form: IdeaForm) -> str:
        said = form.said
        self.made = ideas.create(**said, by=self.user, at=self.at)
        self.warn_of_cpr(said)
        return "Idéen er gemt. Kun du kan læse den, til du sender den."

    def success_url(self) -> str:
        return self.after(self.made)

    def context(self) -> dict[str, Any]:
        way = [("/", "Forside"), _list_of(is_owner=True), (None, self.heading)]
        return {**super().context(), "breadcrumbs": way, "cancel": reverse("proposals:ideas")}


class WriteIdea(_Writing, IdeaPage):
    """An idea that is not sent, saved while one writes."""

    is_autosaved = True
    heading: ClassVar[str] = "Skriv idéen"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address) if self.idea.sent_at else super().get(request, **kwargs)

    def shown_now(self) -> Shown:
        return shown_idea(self.idea)

    def form(self, data: Any = None) -> IdeaForm:
        stored = [self.idea.organization] if self.idea.organization else []
        known = {one.pk: one for one in (*self.acted_for, *stored)}
        dgos = _dgos(self)
        initial = IdeaForm.initial_of(self.idea, dgos=dgos)
        return IdeaForm(data, organizations=known.values(), dgos=dgos, initial=initial)

    def act(self, form: IdeaForm) -> str:
        said = form.said
        ideas.write(idea_pk=self.idea.pk, bases=self.bases, by=self.user, at=self.at, **said)
        if unsent.UNIT not in self.request.POST:
            self.warn_of_cpr(said)
        return "Idéen er gemt."

    def success_url(self) -> str:
        return self.after(self.idea)

    def crumbs(self) -> Crumbs:
        return [("/", "Forside"), _list_of(is_owner=True), (None, str(self.idea))]

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "is_kept": True,
            "delete": self.url("delete_idea"),
            "cancel": reverse("proposals:ideas"),
        }


class SendIdea(FormPage, IdeaPage):
    """The last look before an idea is sent: what it says, who reads it, and what it lacks."""

    template_name = "proposals/ideas/send.html"
    heading: ClassVar[str] = "Send idéen"
    button = "Send idéen"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address) if self.idea.sent_at else super().get(request, **kwargs)

    def shown_now(self) -> Shown:
        return shown_idea(self.idea).whole

    def form(self, data: Any = None) -> PressForm:
        return PressForm(data)

    def act(self, form: PressForm) -> str:
        idea = ideas.send(idea_pk=self.idea.pk, base=self.base, by=self.user, at=self.at)
        return f"Idéen er sendt. {idea.dgo} har fået besked, og du får et brev, når der er svaret."

    def success_url(self) -> str:
        return self.address

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "missing": ideas.missing_from(self.idea, at=self.at),
            "rows": _said(self.idea),
            "advisers": danish.join_text(
                [one.name for one in ideas.advisers(self.idea.dgo, at=self.at)]
            ),
            "write": self.url("write_idea"),
        }


def _said(idea: Idea) -> list[dict[str, Any]]:
    """Give what an idea says, as a summary list shows it."""
    return [
        {"label": part.label, "value": part.text, "prose": part.unit in ("what", "who", "plan")}
        for part in shown_idea(idea).parts
        if part.unit != "title"
    ]


class DeleteIdea(FormPage, IdeaPage):
    """An idea that nobody else has read is deleted for good."""

    template_name = "proposals/ideas/step.html"
    heading: ClassVar[str] = "Slet idéen"
    button = "Slet idéen"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address) if self.idea.sent_at else super().get(request, **kwargs)

    def form(self, data: Any = None) -> PressForm:
        return PressForm(data)

    def act(self, form: PressForm) -> str:
        ideas.delete(idea_pk=self.idea.pk, by=self.user)
        return "Idéen er slettet."

    def success_url(self) -> str:
        return reverse("proposals:ideas")

    def context(self) -> dict[str, Any]:
        text = "Idéen er ikke sendt, og kun du har læst den. Den kan ikke hentes igen."
        return {**super().context(), "text": text, "danger": True}


# Read and answered


class ShowIdea(FormPage, IdeaPage):
    """What an idea says and what was said of it; an answer, and what its owner may do with it, in one form."""

    template_name = "proposals/ideas/idea.html"
    makes = True
    is_owners = False
    button = "Send svar"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.idea.sent_at:
            return redirect("proposals:write_idea", self.idea.pk)
        return super().get(request, **kwargs)

    def form(self, data: Any = None) -> ReplyForm:
        return ReplyForm(data)

    def others(self, data: Any = None) -> dict[str, forms.BaseForm]:
        if not self.may_draft or len(self.rounds) < 2:
            return {}
        initial = {"round": self.rounds[0]}
        return {"draft_form": DraftForm(data, rounds=_open_rounds(self), initial=initial)}

    @cached_property
    def rounds(self) -> list[Round]:
        return list(_open_rounds(self))

    @property
    def may_draft(self) -> bool:
        return self.is_owner and self.idea.is_open and bool(self.rounds)

    def act(self, form: ReplyForm) -> str:
        text = form.cleaned_data["text"]
        self.said = ideas.reply(idea_pk=self.idea.pk, text=text, by=self.user, at=self.at)
        if danish.has_cpr_number(text):
            messages.warning(self.request, privacy.IDEA_WARNING)
        whom = "DGO'en" if self.is_owner else self.idea.owner.name
        return f"Svaret er sendt. {whom} har fået besked."

    def success_url(self) -> str:
        return f"{self.address}#svar-{self.said.pk}"

    def context(self) -> dict[str, Any]:
        idea = self.idea
        drafts = drafts_seen([idea], self.user, at=self.at)
        thread = list(idea.replies.with_people().oldest_first())
        return {
            **super().context(),
            "state": state_of(idea, self.user, drafts),
            "rows": _said(idea),
            "thread": [
                {
                    "id": one.pk,
                    "by": one.by.name,
                    "role": one.author_role,
                    "at": one.at,
                    "text": one.text,
                }
                for one in thread
            ],
            "may_draft": self.may_draft,
            "round": self.rounds[0] if self.may_draft else None,
            "next_round": None
            if self.rounds
            else Round.objects.upcoming(at=self.at).soonest_first().first(),
            "draft_url": self.url("draft_of_idea"),
            "aside_url": self.url("put_idea_aside"),
            "take_up_url": self.url("take_idea_up")
            if self.is_owner and idea.closed_at and not idea.proposal_id
            else "",
            "dgo_url": self.url("change_idea_dgo") if self.may_move else "",
            "is_aside": bool(idea.closed_at),
        }


class ChangeDgo(FormPage, IdeaPage):
    """Gives an idea to another DGO: its owner may until it is answered, and whoever answers it."""

    template_name = "proposals/ideas/step.html"
    is_owners = False
    heading: ClassVar[str] = "Giv idéen til en anden DGO"
    button = "Giv videre"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().get(request, **kwargs) if self.may_move else redirect(self.address)

    def shown_now(self) -> Shown:
        return shown_dgo(self.idea).whole

    def form(self, data: Any = None) -> IdeaDgoForm:
        return IdeaDgoForm(data, dgos=_dgos(self))

    def act(self, form: IdeaDgoForm) -> str:
        dgo, note = form.cleaned_data["dgo"], form.cleaned_data["text"]
        ideas.change_dgo(
            idea_pk=self.idea.pk, dgo=dgo, note=note, base=self.base, by=self.user, at=self.at
        )
        if danish.has_cpr_number(note):
            messages.warning(self.request, privacy.IDEA_WARNING)
        return f"Idéen ligger nu hos {dgo.name}, som har fået besked."

    def success_url(self) -> str:
        """Lead back to the idea, or to the list where whoever gave it on reads it no longer."""
        reads = Idea.objects.visible_to(self.user, at=self.at).filter(pk=self.idea.pk).exists()
        return self.address if reads else reverse("proposals:received_ideas")

    def context(self) -> dict[str, Any]:
        text = (
            f"Idéen ligger hos {self.idea.dgo}. Den nye DGO's rådgivere kan læse idéen og det, der er skrevet om den. "
            "Den hidtidige kan ikke læse den mere."
        )
        return {**super().context(), "text": text, "danger": False}


class _OwnersPress(Press, IdeaPage):
    """A button at an idea, for its owner."""

    def back(self) -> str:
        return self.address


class PutAside(_OwnersPress):
    def act(self) -> str:
        ideas.put_aside(idea_pk=self.idea.pk, by=self.user, at=self.at)
        return "Idéen er lagt til side. Du kan tage den frem igen, når du vil."


class TakeUp(_OwnersPress):
    def act(self) -> str:
        ideas.take_up(idea_pk=self.idea.pk, by=self.user, at=self.at)
        return "Idéen er taget frem igen."


class MakeDraft(_OwnersPress):
    """The one press that makes a draft of an idea."""

    makes = True

    def act(self) -> str:
        rounds = _open_rounds(self)
        first = rounds.first()
        if first is None:
            raise Refused(
                "Ingen runde er åben nu, så der kan ikke laves et udkast. Idéen er her stadig."
            )
        # Where one round is open it is not asked for.
        form = DraftForm({"round": first.pk, **self.request.POST.dict()}, rounds=rounds)
        if not form.is_valid():
            raise Refused(f"{form.errors['round'][0]}.")
        made = ideas.make_draft(
            idea_pk=self.idea.pk, round=form.cleaned_data["round"], by=self.user, at=self.at
        )
        return (
            f"Kladden {made.number} er lavet af idéen. Kun du kan se den. Det, du skrev, står i afsnittene; "
            "idéen og svarene på den kan stadig læses under Mine idéer."
        )

    def back(self) -> str:
        """Lead to the draft as soon as there is one, whoever of two presses made it."""
        idea = Idea.objects.of_owner(self.user).select_related("proposal").get(pk=self.idea.pk)
        seen = drafts_seen([idea], self.user, at=self.at)
        number = seen.get(idea.proposal_id or 0)
        return reverse("proposals:tasks", args=[number]) if number else self.address


# The lists


class _List(Page, ABC):
    """A list of ideas, searched and narrowed by its address."""

    heading: ClassVar[str]
    is_own: ClassVar[bool]

    @abstractmethod
    def found(self) -> IdeaQuerySet:
        """Give the ideas of the list in their order, with what a row shows."""

    def context(self) -> dict[str, Any]:
        form = IdeaFilters(self.request.GET, is_own=self.is_own)
        found = self.found()
        wanted = form.cleaned_data if form.is_valid() else {}
        if wanted.get("q"):
            found = found.matching(wanted["q"])
        if wanted.get("tilstand"):
            found = found.in_state(wanted["tilstand"])
        page = self.rows(found)
        drafts = drafts_seen(page, self.user, at=self.at)
        return {
            "page": page,
            "rows": [
                {
                    "title": str(idea),
                    "by": idea.owner.name,
                    "organization": idea.organization,
                    "dgo": idea.dgo or "Ikke valgt",
                    "state": state_of(idea, self.user, drafts),
                    "sent_at": idea.sent_at,
                    "edited_at": idea.edited_at,
                    "url": reverse("proposals:idea", args=[idea.pk]),
                }
                for idea in page
            ],
            "form": form,
            "is_narrowed": any(wanted.values()) or not form.is_valid(),
            "query": self.request.GET,
            "heading": self.heading,
            "breadcrumbs": [("/", "Forside"), (None, self.heading)],
        }


class Ideas(_List):
    """One's own ideas, those one has written in last first."""

    template_name = "proposals/ideas/ideas.html"
    heading = MINE
    is_own = True

    def found(self) -> IdeaQuerySet:
        return Idea.objects.of_owner(self.user).with_row().newest_first()


class Received(_List):
    """What is sent to the reader's DGOs, or to any DGO for the secretariat: what waits for an answer first."""

    template_name = "proposals/ideas/received.html"
    heading = RECEIVED
    is_own = False

    def admit(self) -> None:
        duties = self.user.duties
        if not (duties.dgo_ids or duties.is_secretariat):
            raise PermissionDenied("Siden er for DGO'ernes rådgivere og sekretariatet.")

    def found(self) -> IdeaQuerySet:
        return Idea.objects.received_by(self.user, at=self.at).with_row().waiting_first()
