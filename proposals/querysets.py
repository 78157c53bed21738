"""
Every question asked about proposals and what belongs to them.

Whatever shows, counts, searches, exports, mails or prints starts at `visible_to`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OrderBy,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber

from klimaspor.accounts.querysets import as_danes_sort
from klimaspor.mail.models import OutgoingMail
from proposals.lifecycle import ENDED, SPARRING, TURNS, Gate, Status, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from klimaspor.accounts.models import Duties, User
    from proposals.models import (
        Access,
        Advice,
        Attachment,
        BudgetLine,
        Commitment,
        Dispensation,
        Event,
        FieldVersion,
        Financing,
        Impartiality,
        Participant,
        Proposal,
        ProposalInvitation,
        Round,
        Version,
        VersionPaper,
    )

PARTY = ("own", "write", "read")
WRITERS = ("own", "write")
EARLY = ("advise", "qualify", "recommend")
"""Values of `models.Function`, which this module cannot import."""


class RoundQuerySet(QuerySet["Round"]):
    def open(self, *, at: datetime) -> Self:
        """Narrow to rounds that a draft can still be sent into."""
        return self.filter(is_history=False, opens_at__lte=at, approval_deadline_at__gte=at)

    def upcoming(self, *, at: datetime) -> Self:
        """Narrow to rounds whose first deadline is ahead, opened or not."""
        return self.filter(is_history=False, qualification_deadline_at__gte=at)

    def current(self, *, at: datetime) -> Self:
        return self.filter(is_history=False)

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def named(self, name: str) -> Self:
        return self.filter(name__iexact=name)

    def locked(self, pk: int) -> Round:
        """Read one round and hold its row until the transaction ends."""
        return self.select_for_update().get(pk=pk)

    def soonest_first(self) -> Self:
        return self.order_by("qualification_deadline_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-qualification_deadline_at", "-pk")


class ProposalQuerySet(QuerySet["Proposal"]):
    def locked(self, pk: int) -> Proposal:
        """Read one proposal and hold its row until the transaction ends."""
        return self.select_for_update(of=("self",)).select_related("round").get(pk=pk)

    def next_number(self, year: int) -> str:
        """Draw the next number that people quote, e.g. KS-2026-0012."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('proposals_number')")
            return f"KS-{year}-{cursor.fetchone()[0]:04d}"

    def visible_to(self, user: User, *, at: datetime) -> Self:
        """
        Narrow to what the person may see: as a party, or through a function without being partial.

        Everybody else gets the same 404 as for a number that does not exist.
        """
        access = self._rows("accesses").current(at=at)
        mine = access.filter(proposal=OuterRef("pk"), user=user)
        held = access.through_function(user.duties_at(at)).filter(proposal=OuterRef("pk"))
        return self.filter(
            Exists(mine)
            | Exists(held.filter(function="fund"))
            | (Exists(held) & ~Exists(self._partial(user)))
        )

    def _partial(self, user: User) -> QuerySet[Impartiality]:
        rows: ImpartialityQuerySet = self._rows("impartialities")
        return rows.partial().filter(proposal=OuterRef("pk"), user=user)

    def _rows(self, accessor: str) -> Any:
        """Give all rows behind an accessor: models cannot be imported here."""
        related: Any = self.model._meta.get_field(accessor).related_model
        return related.objects

    def with_reading(self, user: User, *, at: datetime) -> Self:
        """
        Add `reads_live`, `reads_early` and `shown_title`: the live text for writers and open sparring, else what was
        sent; committee and funders read nothing from before the approval gate (`content.latest_sent`).
        """
        duties = user.duties_at(at)
        current = self._rows("accesses").current(at=at).filter(proposal=OuterRef("pk"))
        party = current.filter(user=user, function__in=PARTY)
        held = current.through_function(duties)
        adviser = held.filter(function="advise")
        reads_early: Any = Value(value=True)
        if duties.is_committee or duties.funder_ids:
            early = Q(Exists(held.filter(function__in=EARLY))) & ~Q(Exists(self._partial(user)))
            reads_early = Case(When(early, then=Value(value=True)), default=Value(value=False))
        sent = self._rows("versions").filter(proposal=OuterRef("pk")).order_by("-number")
        return self.annotate(
            reads_early=reads_early,
            reads_live=Case(
                When(Exists(party), then=Value(True)),
                When(
                    Exists(adviser) & Q(sparring_opened_at__isnull=False, status__in=SPARRING),
                    then=Value(True),
                ),
                default=Value(False),
                output_field=BooleanField(),
            ),
        ).annotate(
            shown_title=Case(
                When(reads_live=True, then=F("title")),
                When(
                    reads_early=True,
                    then=Coalesce(Subquery(sent.values("title")[:1]), F("title")),
                ),
                default=Subquery(sent.at_gate(Gate.APPROVAL).values("title")[:1]),
                output_field=CharField(),
            )
        )

    def own(self, user: User, *, at: datetime) -> Self:
        """Narrow to those the person is a party to."""
        access = self._rows("accesses").current(at=at)
        return self.filter(
            Exists(access.filter(proposal=OuterRef("pk"), user=user, function__in=PARTY))
        )

    def writable_by(self, user: User, *, at: datetime) -> Self:
        access = self._rows("accesses").current(at=at)
        return self.filter(
            Exists(access.filter(proposal=OuterRef("pk"), user=user, function__in=WRITERS))
        )

    def matching(self, text: str) -> Self:
        """
        Narrow to a Danish full-text match, in the text this person reads.

        Comes after `with_reading`: the live text is searched only where it may be read.
        """
        if not text.strip():
            return self
        query = SearchQuery(text, config="danish", search_type="websearch")
        version = self._rows("versions")
        newer = version.filter(proposal=OuterRef("proposal"), number__gt=OuterRef("number"))
        found = version.filter(proposal=OuterRef("pk"), search=query)
        sent = found.filter(~Exists(newer))
        sent_late = found.at_gate(Gate.APPROVAL).filter(~Exists(newer.at_gate(Gate.APPROVAL)))
        return self.filter(
            Q(number__iexact=text.strip())
            | Q(reads_live=True, search=query)
            | (Q(reads_live=False, reads_early=True) & Exists(sent))
            | (Q(reads_live=False, reads_early=False) & Exists(sent_late))
        )

    def numbered(self, numbers: Iterable[str]) -> Self:
        return self.filter(number__in=list(numbers))

    def in_status(self, *statuses: str) -> Self:
        return self.filter(status__in=statuses)

    def tracks(self) -> Self:
        """Narrow to the tracks that were set in motion, which everybody may hear of; adds `sent_content`, as it was approved."""
        sent = self._rows("versions").filter(proposal=OuterRef("pk"), gate=Gate.APPROVAL)
        return (
            self.filter(status__in=(Status.ACTIVE, Status.COMPLETED))
            .annotate(sent_content=Subquery(sent.order_by("-number").values("content")[:1]))
            .select_related("lead_dgo")
            .order_by("-status_since", "-pk")
        )

    def awaiting_turn(self, turn: Turn) -> Self:
        return self.filter(status__in=[s for s in Status if TURNS[s] == turn])

    def unended(self) -> Self:
        return self.exclude(status__in=ENDED)

    def without_own_term(self) -> Self:
        """Narrow to those that follow the round's deadlines."""
        return self.filter(answer_due_at=None)

    def in_round(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def closing_within(self, gate: Gate, span: timedelta, *, at: datetime) -> Self:
        """Narrow to those for whom the gate closes from now on and before the span has passed."""
        closes = Coalesce(
            "answer_due_at", f"round__{gate}_deadline_at", "round__approval_deadline_at"
        )
        return self.alias(closes_at=closes).filter(
            Q(closes_at__gte=at, closes_at__lte=at + span)
            | Q(answer_due_at=None, round__approval_deadline_at__range=(at, at + span))
        )

    def opened_to_dgos(self, dgo_ids: Any, *, at: datetime) -> Self:
        """Narrow to what was opened or sent to one of the DGOs."""
        access = self._rows("accesses").current(at=at)
        return self.filter(Exists(access.filter(proposal=OuterRef("pk"), dgo_id__in=dgo_ids)))

    def of_dgo(self, dgo_ids: Any) -> Self:
        return self.filter(lead_dgo_id__in=dgo_ids)

    def orphaned(self) -> Self:
        """Narrow to those whose owner can no longer sign in."""
        return self.unended().filter(owner__is_active=False)

    def with_due(self) -> Self:
        """Add `due_at`: the moment the one whose turn it is must have acted, where the line knows one."""
        return self.annotate(
            due_at=Case(
                When(
                    status=Status.DRAFT,
                    then=Coalesce("answer_due_at", "round__qualification_deadline_at"),
                ),
                When(
                    status=Status.IN_QUALIFICATION,
                    then=F("round__approval_deadline_at"),
                ),
                When(
                    status=Status.QUALIFIED,
                    then=Coalesce("answer_due_at", "round__approval_deadline_at"),
                ),
                default=Value(None),
                output_field=DateTimeField(),
            )
        )

    def with_counts(self) -> Self:
        """Add `open_threads`: threads of sparring nobody has ended."""
        threads = self._rows("advice").open().filter(proposal=OuterRef("pk")).order_by()
        counted = threads.values("proposal").annotate(count=Count("pk")).values("count")
        return self.annotate(open_threads=Coalesce(Subquery(counted), 0))

    def with_participants(self) -> Self:
        """Add those of the live text, and `sent_participants` for whoever reads what was sent."""
        sent = self._rows("versions").filter(proposal=OuterRef("pk")).order_by("-number")
        listed = self._rows("participants").listed()
        return self.prefetch_related(Prefetch("participants", listed)).annotate(
            sent_participants=Subquery(sent.values("content__participants")[:1])
        )

    def with_frame(self) -> Self:
        """Join what every page about a proposal shows."""
        return self.select_related("round", "organization", "lead_dgo", "owner")

    def urgent_first(self) -> Self:
        """Order by `due_at` (see `with_due`), those without a term last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")

    def first_of_each_status(self, count: int) -> Self:
        """Narrow to the first few of each status, the most urgent first; comes after `with_due`."""
        return (
            self.annotate(
                place=Window(
                    RowNumber(),
                    partition_by=F("status"),
                    order_by=[F("due_at").asc(nulls_last=True), "status_since", "pk"],
                )
            )
            .filter(place__lte=count)
            .order_by("status", "place")
        )

    def counted(self, *, at: datetime) -> list[dict[str, Any]]:
        """Count by round and status, and how many of them are late; comes after `with_due`."""
        rows: Any = self.order_by().values("round_id", "status")
        return list(rows.annotate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at))))

    def dgo_turn_first(self) -> Self:
        """Order what lies with the DGO by `due_at`, then what lies with the proposer."""
        here = Case(When(status=Status.IN_QUALIFICATION, then=Value(0)), default=Value(1))
        return self.order_by(here, F("due_at").asc(nulls_last=True), "pk")

    def sorted_by(self, column: str) -> Self:
        """Order by a column of the list, the other way round with a minus; comes after `with_reading` and `with_due`."""
        keys: dict[str, Any] = {
            "nummer": F("number"),
            "titel": as_danes_sort("shown_title"),
            "status": Case(*(When(status=s, then=Value(n)) for n, s in enumerate(Status))),
            "frist": F("due_at"),
            "aendret": F("edited_at"),
        }
        is_falling = column.startswith("-")
        name = column.removeprefix("-")
        # Only a term may be missing; said of the others it would keep PostgreSQL from using their index.
        last = True if name == "frist" else None
        return self.order_by(
            OrderBy(keys[name], descending=is_falling, nulls_last=last),
            "-pk" if is_falling else "pk",
        )

    def newest_first(self) -> Self:
        return self.order_by("-edited_at", "-pk")

    def by_number(self) -> Self:
        return self.order_by("number", "pk")


class AccessQuerySet(QuerySet["Access"]):
    def grant(  # one of user, dgo, organization, group
        self, proposal: Any, function: str, *, by: User, at: datetime, **holder: Any
    ) -> None:
        """Open the proposal to a holder in a capacity; already open stays as it is."""
        if not self.filter(proposal=proposal, function=function, until_at=None, **holder).exists():
            self.create(proposal=proposal, function=function, since_at=at, since_by=by, **holder)

    def end(self, *, at: datetime) -> None:
        """Close what is open among these."""
        self.filter(until_at=None).update(until_at=at)

    def current(self, *, at: datetime) -> Self:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), since_at__lte=at)

    def through_function(self, duties: Duties) -> Self:
        """Narrow to what the duties open; no duty opens nothing."""
        reach = Q(pk__in=[])
        if duties.dgo_ids:
            reach |= Q(dgo_id__in=duties.dgo_ids)
        if duties.funder_ids:
            reach |= Q(organization_id__in=duties.funder_ids)
        if duties.is_secretariat:
            reach |= Q(group="secretariat")
        if duties.is_committee:
            reach |= Q(group="committee")
        return self.filter(reach)

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def with_holders(self) -> Self:
        return self.select_related("user", "dgo", "organization")


class ProposalInvitationQuerySet(QuerySet["ProposalInvitation"]):
    def newest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")


class FieldVersionQuerySet(QuerySet["FieldVersion"]):
    def of_proposal(self, number: str) -> Self:
        return self.filter(proposal__number=number)

    def of_fields(self, names: Iterable[str]) -> Self:
        return self.filter(name__in=names)

    def with_people(self) -> Self:
        return self.select_related("edited_by")

    def claim(
        self, proposal: Proposal, seen: Mapping[str, int], *, by: User, at: datetime
    ) -> set[str]:
        """Give answers their next version, each only where the version that was seen still stands; return which."""
        if not seen:
            return set()
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO proposals_fieldversion AS stood
                    (proposal_id, name, number, edited_at, edited_by_id)
                SELECT %s, seen.name, seen.number + 1, %s, %s
                FROM unnest(%s::text[], %s::int[]) AS seen (name, number)
                ON CONFLICT (proposal_id, name) DO UPDATE
                    SET number = EXCLUDED.number, edited_at = EXCLUDED.edited_at,
                        edited_by_id = EXCLUDED.edited_by_id
                    WHERE stood.number = EXCLUDED.number - 1
                RETURNING name
                """,
                [proposal.pk, at, by.pk, list(seen), list(seen.values())],
            )
            return {name for (name,) in cursor.fetchall()}


class CommitmentQuerySet(QuerySet["Commitment"]):
    def with_frame(self) -> Self:
        return self.select_related("participant__organization", "contact")


class BudgetLineQuerySet(QuerySet["BudgetLine"]):
    def listed(self) -> Self:
        return self.select_related("recipient__organization").order_by("position", "pk")


class ParticipantQuerySet(QuerySet["Participant"]):
    def listed(self) -> Self:
        """Join and order: problem owners first, then as Danes sort."""
        return self.select_related("organization__successor", "commitment").order_by(
            Case(When(role="problem_owner", then=Value(0)), default=Value(1)),
            Coalesce("organization__sort_key", "typed_name"),
            "pk",
        )

    def authorities(self) -> Self:
        """Narrow to kommuner and regioner; `eligibility` counts legal entities among them."""
        return self.filter(organization__kind__in=("municipality", "region"))


class FinancingQuerySet(QuerySet["Financing"]):
    def listed(self) -> Self:
        return self.order_by("year", "position", "pk")


class AttachmentQuerySet(QuerySet["Attachment"]):
    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def present(self) -> Self:
        return self.filter(removed_at=None)

    def listed(self) -> Self:
        return self.order_by("position", "pk")


class VersionQuerySet(QuerySet["Version"]):
    def at_gate(self, gate: Gate) -> Self:
        return self.filter(gate=gate)

    def newest_first(self) -> Self:
        return self.order_by("-number", "-pk")

    def sent_in(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def with_people(self) -> Self:
        return self.select_related("frozen_by", "round", "paper")

    def with_attachment(self, pk: int) -> Self:
        """Narrow to those that were sent with the file."""
        return self.filter(content__attachments__contains=[{"pk": pk}])


class VersionPaperQuerySet(QuerySet["VersionPaper"]):
    def unbuilt(self) -> Self:
        return self.filter(built_at=None)

    def holding_letters(self) -> Self:
        """Narrow to those built or given up while letters in the outbox still wait for them."""
        waits_for = Concat(Value("version:"), Cast(OuterRef("version_id"), CharField()))
        return self.filter(
            ~Q(built_at=None) | ~Q(failed_at=None),
            Exists(OutgoingMail.objects.held().filter(waits_for=waits_for)),
        )

    def with_version(self) -> Self:
        return self.select_related("version__proposal")

    def oldest_first(self) -> Self:
        return self.order_by("pk")


class EventQuerySet(QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def told(self) -> Self:
        """Join what the history shows."""
        return self.select_related("by", "version").prefetch_related("reasons")

    def of_transition(self, *ids: str) -> Self:
        return self.filter(transition__in=ids)


class AdviceQuerySet(QuerySet["Advice"]):
    def threads(self) -> Self:
        return self.filter(parent=None)

    def open(self) -> Self:
        return self.filter(parent=None, resolved_at=None)

    def in_section(self, slug: str) -> Self:
        return self.filter(section=slug)

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def with_answers(self) -> Self:
        return self.select_related("created_by", "resolved_by").prefetch_related(
            "answers__created_by"
        )


class DispensationQuerySet(QuerySet["Dispensation"]):
    def in_force(self, gate: Gate, *, at: datetime) -> Self:
        """Narrow to those that let the gate take the proposal in at `at` (whole seconds)."""
        return self.filter(gate=gate, until_at__gte=at.replace(microsecond=0))

    def with_people(self) -> Self:
        return self.select_related("granted_by")

    def newest_first(self) -> Self:
        return self.order_by("-granted_at", "-pk")


class ImpartialityQuerySet(QuerySet["Impartiality"]):
    def partial(self) -> Self:
        """Narrow to those found partial ("inhabil")."""
        return self.filter(is_impartial=False)

    def unsettled(self) -> Self:
        return self.filter(settled_at=None)

    def cleared(self) -> Self:
        return self.filter(is_impartial=True)

    def about(self, proposals: Any) -> Self:
        return self.filter(proposal__in=proposals)

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def with_people(self) -> Self:
        return self.select_related("user", "declared_by", "settled_by", "proposal")

    def oldest_first(self) -> Self:
        return self.order_by("declared_at", "pk")
