"""Questions about who holds a proposal in what capacity, and who is partial ("inhabil") about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.apps import apps
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
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
from django.db.models.functions import Coalesce, Greatest, RowNumber
from django.db.transaction import TransactionManagementError

from klimaspor import danish
from klimaspor.accounts.anybody import PreparedFor
from klimaspor.accounts.models import Membership
from klimaspor.accounts.querysets import as_danes_sort
from klimaspor.prepared import Given
from klimaspor.search import Rank
from proposals.line import sql
from proposals.line.duties import wanted
from proposals.line.editions import PUBLIC, PUBLIC_IN, Edition
from proposals.line.functions import PARTY_FUNCTIONS, WRITER_FUNCTIONS, Function, Group
from proposals.line.lifecycle import ENDED, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, timedelta

    from django.db.models import Field
    from django.db.models.expressions import Combinable

    from klimaspor.accounts.models import Duties, User
    from proposals.line.models import Access, Duty, Event, Impartiality, Proposal, Version
    from proposals.rounds.models import Gate


WITH_DGO = (Status.DRAFT, Status.IN_QUALIFICATION, Status.QUALIFIED)
"""Where a DGO gives sparring or an assessment, or answers for the one it gave."""


def through_function(duties: Duties) -> Q:
    """Say of accesses that the duties open them, as `sql.opened` does; no duty opens nothing."""
    reach = Q(pk__in=[])
    if duties.dgo_ids:
        reach |= Q(dgo_id__in=duties.dgo_ids)
    if duties.funder_ids:
        reach |= Q(organization_id__in=duties.funder_ids)
    if duties.is_secretariat:
        reach |= Q(group=Group.SECRETARIAT)
    if duties.is_committee:
        reach |= Q(group=Group.COMMITTEE)
    return reach


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

    def ended(self, *, at: datetime) -> Self:
        return self.filter(until_at__lte=at)

    def current(self, *, at: datetime) -> Self:
        return self.filter(Q(until_at=None) | Q(until_at__gt=at), since_at__lte=at)

    def through_function(self, duties: Duties) -> Self:
        return self.filter(through_function(duties))

    def functions_of(
        self, user: User, proposals: Iterable[int], *, at: datetime
    ) -> list[tuple[int, str, bool]]:
        """Give (proposal, function, whether it is held) of what is open to the person; what is not held was lost by being partial."""
        opened, values = sql.opened(user, at=at)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT held.proposal_id, held.function, {sql.UNBIASED}"  # noqa: S608 - nothing that anybody wrote stands in it
                f" FROM proposals_access AS held WHERE {opened} AND held.proposal_id = ANY(%s)",
                [user.pk, user.pk, *values, list(proposals)],
            )
            found: list[tuple[int, str, bool]] = cursor.fetchall()
        return found

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def left_behind(self, *, at: datetime) -> Self:
        """
        Narrow to those of people who have left an organization that proposes or takes part, where nobody has decided since.

        Adds `left_organization`, by name, and `left_date`.
        """
        theirs = Q(organization=OuterRef("proposal__organization")) | Q(
            organization__participations__proposal=OuterRef("proposal")
        )
        members = Membership.objects.members()
        again = members.unrefused(at).filter(
            user=OuterRef("user"), organization=OuterRef("organization")
        )
        ended = members.filter(
            theirs, user=OuterRef("user"), refused_at=None, valid_until_date__lte=danish.day_of(at)
        )
        last = ended.exclude(Exists(again)).order_by("-valid_until_date", "-pk")
        found = (
            self.current(at=at)
            .of_parties()
            .annotate(
                left_organization=Subquery(last.values("organization__name")[:1]),
                left_date=Subquery(last.values("valid_until_date")[:1]),
            )
        )
        undecided = Q(kept_at=None) | Q(kept_at__date__lt=F("left_date"))
        return found.filter(undecided, left_date__isnull=False).exclude(proposal__status__in=ENDED)

    def of_parties(self) -> Self:
        """Narrow to people who own, write or read it of their own right."""
        return self.filter(function__in=PARTY_FUNCTIONS).exclude(user=None)

    def of_co_readers(self) -> Self:
        """Narrow to DGOs that read along with the one whose proposal it is."""
        return self.filter(function=Function.CO_READ).exclude(dgo=None)

    def of_functions(self, functions: Iterable[str]) -> Self:
        return self.filter(function__in=list(functions))

    def longest_gone_first(self) -> Self:
        """Order what was left behind."""
        gone: Any = self
        return gone.order_by("left_date", "pk")  # type: ignore[no-any-return]  # `left_behind` adds it

    def with_proposals(self) -> Self:
        return self.select_related("user", "proposal__organization")

    def with_holders(self) -> Self:
        return self.select_related("user", "dgo", "organization")


@dataclass(frozen=True)
class Difference:
    """Where the duties that stand are not those that should."""

    missing: list[Duty] = field(default_factory=list)
    """Unsaved."""
    moved: list[Duty] = field(default_factory=list)
    """As they should be; not saved yet."""
    gone: list[Duty] = field(default_factory=list)


BATCH = 500


class DutyQuerySet(QuerySet["Duty"]):
    def undone(self) -> Self:
        return self.filter(done_at=None)

    def open(self, *, at: datetime) -> Self:
        """Narrow to what waits at `at`: begun, not done, and not ended by itself."""
        return self.undone().filter(Q(until_at=None) | Q(until_at__gt=at), since_at__lte=at)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def of_people(self) -> Self:
        """Narrow to what a person holds who may sign in."""
        return self.filter(user__is_active=True)

    def with_letter_frame(self) -> Self:
        """Join what a letter about each to its person says."""
        return self.select_related("user", "proposal__round").only(
            "due_at",
            "user__name",
            "user__email",
            "proposal__number",
            "proposal__title",
            "proposal__round",
            "proposal__answer_due_at",
        )

    def unblocked(self, user: User, *, at: datetime, as_funder: bool = False) -> Self:
        """Narrow to what the person may do in a function, and not as a party."""
        return self.filter(_acts(user, at=at, as_funder=as_funder))

    def held_by(self, user: User, *, at: datetime) -> Self:
        """Narrow to what the person is to do, in whatever capacity."""
        duties = user.duties_at(at)
        mine = Q(user=user)
        if duties.funder_ids:
            funds = Q(organization__in=duties.funder_ids)
            mine |= funds & _acts(user, at=at, as_funder=True)
        function = through_function(replace(duties, funder_ids=frozenset()))
        return self.filter(mine | (function & _acts(user, at=at)))

    def about(self, proposals: ProposalQuerySet) -> Self:
        """Narrow to duties with one of the proposals: asked of each row in turn, of which only the first are read."""
        found = proposals.filter(pk=OuterRef("proposal")).values(found=Value(value=True))
        # A value and no join: PostgreSQL would find all the proposals first.
        return self.filter(Q(Subquery(found, output_field=BooleanField())))

    def about_few(self, proposals: ProposalQuerySet) -> Self:
        """Say the same of few proposals, as one looks for: they are found first, and then their duties."""
        return self.filter(proposal__in=proposals.values("pk"))

    def opened_to_dgos(self, dgo_ids: Any, *, at: datetime) -> Self:
        """Narrow to duties with what is open to one of the DGOs."""
        access: Any = apps.get_model("proposals", "Access").objects.current(at=at)
        opened = access.filter(proposal=OuterRef("proposal"), dgo_id__in=dgo_ids)
        # The cheapest there is to ask of a row.
        found = opened.values(found=Value(value=True))[:1]
        return self.filter(Q(Subquery(found, output_field=BooleanField())))

    def of_owner(self, proposals: ProposalQuerySet) -> Self:
        """Narrow to those that the owner of one of the proposals has with it, so that each comes once."""
        return self.about(proposals.filter(owner=OuterRef("user")))

    def most_urgent_first(self) -> Self:
        """Order those of one kind as their index has them."""
        return self.order_by("due_at", "since_at", "proposal")

    def first_of_each_subject(self) -> Self:
        """Narrow to one of each thing, in order of due: so the rows of one holder come from their index."""
        return self.order_by("due_at", "subject").distinct("due_at", "subject")

    def settle(self, *proposal_ids: int, by: User, at: datetime) -> None:
        """
        Let exactly what the rules want stand for the proposals, whose rows the caller holds.

        What had not begun leaves no trace: nobody was ever asked for it.
        """
        for start in range(0, len(proposal_ids), BATCH):
            found = self.compare(proposal_ids[start : start + BATCH], at=at)
            self._write(found)
            gone = self.filter(pk__in=[duty.pk for duty in found.gone])
            if any(duty.since_at > at for duty in found.gone):
                gone.filter(since_at__gt=at).delete()
            if any(duty.since_at <= at for duty in found.gone):
                gone.update(done_at=at, done_by=by)

    def mend(self, proposal_ids: Iterable[int], *, at: datetime) -> Difference:
        """Do the same where nobody has acted, and say what was mended: what should never have stood is deleted."""
        found = self.compare(proposal_ids, at=at)
        self._write(found)
        self.filter(pk__in=[duty.pk for duty in found.gone]).delete()
        return found

    def compare(self, proposal_ids: Iterable[int], *, at: datetime) -> Difference:
        """Hold the duties that stand for the proposals against what the rules want: everything is read anew."""
        ids = list(proposal_ids)
        proposals: Any = self.model._meta.get_field("proposal").related_model
        read = list(proposals.objects.filter(pk__in=ids).select_related("round").order_by("pk"))
        stand = {duty.key: duty for duty in self.undone().filter(proposal__in=ids)}
        found = Difference()
        for duty in wanted(read, at=at):
            there = stand.pop(duty.key, None)
            if there is None:
                found.missing.append(duty)
            elif there.terms != duty.terms:
                duty.pk = there.pk
                found.moved.append(duty)
        found.gone.extend(stand.values())
        return found

    def _write(self, found: Difference) -> None:
        if found.moved:
            self.bulk_update(found.moved, ["subject", "since_at", "due_at", "until_at"])
        if found.missing:
            self.bulk_create(found.missing)


def _acts(user: User, *, at: datetime, as_funder: bool = False) -> Q:
    """Say of duties that nothing keeps the person from acting: asked of each row in turn, of which only the first are read."""
    proposals: Any = apps.get_model("proposals", "Proposal").objects.filter(pk=OuterRef("proposal"))
    blocked = sql.blocked_for(user, user.duties_at(at), at=at, as_funder=as_funder)
    # A value and no join: PostgreSQL would read every proposal to join them.
    found = proposals.values(
        acts=Case(When(blocked, then=Value(value=False)), default=Value(value=True))
    )
    return Q(Subquery(found, output_field=BooleanField()))


class ImpartialityQuerySet(QuerySet["Impartiality"]):
    def standing(self) -> Self:
        """Narrow to what holds: open questions, and answers that no newer one has replaced."""
        return self.filter(replaced_at=None)

    def partial(self) -> Self:
        """Narrow to those who are found partial ("inhabil") as it stands."""
        return self.standing().filter(is_impartial=False)

    def of_funding(self) -> Self:
        """Narrow to what holds for whoever answers for a funder, too."""
        return self.filter(holds_for_funding=True)

    def settled(self) -> Self:
        """Narrow to the answers that hold."""
        return self.standing().answered()

    def answered(self) -> Self:
        """Narrow to every answer that was given, whether it holds or not."""
        return self.exclude(settled_at=None)

    def unsettled(self) -> Self:
        return self.filter(settled_at=None)

    def about(self, proposals: Any) -> Self:
        return self.filter(proposal__in=proposals)

    def of_user(self, user: User) -> Self:
        return self.filter(user=user)

    def matching(self, text: str) -> Self:
        """Narrow to those about a person of that name or a proposal of that number."""
        return self.filter(Q(user__name__icontains=text) | Q(proposal__number__icontains=text))

    def with_people(self) -> Self:
        return self.select_related("user", "declared_by", "settled_by", "proposal")

    def latest_settled_first(self) -> Self:
        return self.order_by("-settled_at", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("declared_at", "pk")


class EventQuerySet(QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")

    def with_history(self) -> Self:
        """Join what the history shows."""
        return self.select_related("by", "version").prefetch_related("reasons")

    def left_by(self, user: User, number: str) -> Self:
        """Narrow to where the person gave up their part in the proposal of that number."""
        return self.filter(transition="left", by=user, proposal__number=number)

    def moves(self) -> Self:
        """Narrow to what moved the proposal."""
        return self.exclude(source="")

    def of_transition(self, *ids: str) -> Self:
        return self.filter(transition__in=ids)


class Ties(NamedTuple):
    """What keeps a person from acting about a proposal."""

    is_blocked: bool = False
    """In a function other than a funder's."""
    is_blocked_as_funder: bool = False
    is_raised: bool = False
    """Somebody has put the question, and nobody has settled it yet."""


SHARED = 0.025
"""What one shared participant is worth beside the rank of a text, which is seldom more than a half."""


class ProposalQuerySet(QuerySet["Proposal"]):
    def locked(self, pk: int) -> Proposal:
        """
        Read one proposal and hold its row until the transaction ends.

        :raises Proposal.DoesNotExist:
        """
        if connection.get_autocommit():
            raise TransactionManagementError("A row is held within a transaction.")
        # In SQL of our own: every step and every save begins with it.
        for proposal in self.raw("SELECT * FROM proposals_proposal WHERE id = %s FOR UPDATE", [pk]):
            return proposal
        raise self.model.DoesNotExist

    def locked_in_order(self) -> Self:
        """Hold the rows until the transaction ends, in the order of their keys, as everybody who holds several does."""
        return self.order_by("pk").select_for_update(of=("self",))

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
        return self.filter(sql.is_held(user, at=at))

    def each_visible_to(self, user: User, *, at: datetime) -> Self:
        """Say the same for whoever reads only the first of many: asked of each in turn, and not of all at once."""
        return self.filter(sql.is_held(user, at=at, each=True))

    def listed_for(self, user: User, organizations: Iterable[int], *, at: datetime) -> Self:
        """
        Narrow to those that the owner lets members of the organizations see title and state of; who is a member is asked before.

        An organization takes part until it has declined, and one that has ended is its successor's. Whoever is found partial
        sees none of it here, however it is otherwise theirs to read.

        Adds `shown_title`, which is what was sent last and not taken back: what is rewritten since is still the writers' own. Of
        what was never sent it is the title as it stands, which is what the owner lets be seen. Adds `is_readable`, too.
        """
        ids = list(organizations)
        theirs = Q(organization__in=ids) | Q(
            organization__successor__in=ids,
            organization__valid_until_date__lte=danish.day_of(at),
        )
        taking_part = related("participants").undeclined().filter(theirs)
        partial = related("impartialities").partial().of_user(user)
        sent = related("versions").standing().newest_first()
        return self.filter(theirs | Exists(taking_part), ~Exists(partial), is_listed=True).annotate(
            shown_title=Coalesce(Subquery(sent.values("title")[:1]), F("title")),
            is_readable=sql.is_held(user, at=at, each=True),
        )

    def lost_by(self, user: User, *, at: datetime) -> Self:
        """
        Narrow to what the person would work with, had they not been found partial: nothing but a title line is theirs.

        Adds `shown_title`, of what was sent to those of their capacity last; of what never was there is none.
        """
        duties = user.duties_at(at)
        partial = all_behind("impartialities").partial().of_user(user)
        opened = related("accesses").current(at=at).through_function(duties)
        is_early = duties.is_secretariat or duties.dgo_ids
        sent = related("versions").read_as(Edition.SENT if is_early else Edition.APPROVAL)
        found = self.filter(Exists(opened), pk__in=partial.values("proposal"))
        return (
            found.exclude(Q(sql.is_held(user, at=at)))
            .annotate(shown_title=Subquery(sent.newest_first().values("title")[:1]))
            .by_number()
        )

    def named_like(self, text: str) -> Self:
        """Narrow to those with the text in their number or `shown_title`."""
        return self.filter(Q(number__icontains=text) | Q(shown_title__icontains=text))

    def with_reading(self, user: User, *, at: datetime) -> Self:
        """
        Add `edition`, the text that the person reads (`editions.Edition`; None when none is theirs), and its `shown_title`.

        An adviser who has been sent nothing goes on seeing the title that was open to them.
        """
        edition, title = sql.reading(user, at=at)
        return self.annotate(edition=edition, shown_title=title)

    def ties_of(self, user: User, proposals: Iterable[int], *, at: datetime) -> dict[int, Ties]:
        """Say of each what keeps the person from acting in a function."""
        duties = user.duties_at(at)
        blocked = sql.blocked_for(user, duties, at=at)
        as_funder = sql.blocked_for(user, duties, at=at, as_funder=True)
        rows: Any = self.filter(pk__in=list(proposals)).annotate(
            is_blocked=Case(When(blocked, then=True), default=False),
            is_blocked_as_funder=Case(When(as_funder, then=True), default=False)
            if duties.funder_ids
            else Value(value=False),
            is_raised=Exists(related("impartialities").filter(user=user, settled_at=None)),
        )
        found = rows.values_list("pk", "is_blocked", "is_blocked_as_funder", "is_raised")
        return {pk: Ties(*said) for pk, *said in found}

    def own(self, user: User, *, at: datetime) -> Self:
        """Narrow to those the person is a party to."""
        return self.filter(sql.is_held_as(PARTY_FUNCTIONS, user, at=at))

    def written_by(
        self, user: User, number: str, *, at: datetime, has_frame: bool = False
    ) -> Proposal | None:
        """Read the proposal of that number if the person writes it: what every autosave begins with, without asking for duties."""
        writes = sql.is_held_as(WRITER_FUNCTIONS, user, at=at)
        if has_frame:
            return self.filter(writes, number=number).with_frame().first()
        rows = self.raw(
            f"SELECT * FROM proposals_proposal WHERE number = %s AND {writes.sql.format('proposals_proposal.id')}",  # noqa: S608 - nothing that anybody wrote stands in it
            [number, *writes.values],
        )
        return next(iter(rows), None)

    def matching(self, asked: Any) -> Self:
        """
        Narrow to those in whose text, as this person reads it, is what somebody looks for (`search.tsquery`); adds `rank`.

        Comes after `with_reading`: of each proposal one text is looked in, and no other.
        """
        # Said as an equality, PostgreSQL would ask of every proposal what is read, and not only of those that have the words.
        read = {"texts__edition__gte": F("edition"), "texts__edition__lte": F("edition")}
        found = self.filter(texts__document__found_by=asked, **read)
        return found.annotate(rank=Rank(F("texts__document"), asked))

    def touchable_by(self, user: User, *, at: datetime) -> Self:
        """
        Narrow to what may be shown to the person as a neighbour: what they may see, and tracks, which are public.

        Adds `is_visible`. What was rejected is for those who wrote it, the DGOs and the secretariat.
        """
        visible = Q(pk__in=type(self)(self.model).visible_to(user, at=at).values("pk"))
        found = self.annotate(
            is_visible=Case(When(visible, then=Value(value=True)), default=Value(value=False))
        ).filter(Q(is_visible=True) | Q(status__in=PUBLIC_IN))
        duties = user.duties_at(at)
        if duties.is_secretariat or duties.dgo_ids:
            return found
        own = type(self)(self.model).own(user, at=at).values("pk")
        return found.filter(~Q(status=Status.REJECTED) | Q(pk__in=own))

    def touching(self, words: str | None, organizations: Iterable[str]) -> Self:
        """
        Narrow to those with some of the words in what the person reads, or with a participant of those names; best first.

        Comes after `with_reading`. Adds `read_edition`, and `read_version`, the version that is read where the live text is
        not. A participant may be of the live text: whoever shows it looks in what is read.
        """
        sent = related("versions").newest_first()
        shared = related("participants").filter(organization__name__in=list(organizations))
        counted = shared.order_by().values("proposal").annotate(n=Count("pk")).values("n")
        found = self.annotate(
            read_edition=Coalesce(F("edition"), Value(PUBLIC.value)),
            read_version=Case(
                When(read_edition=Edition.LIVE, then=Value(None)),
                When(read_edition=Edition.SENT, then=Subquery(sent.values("pk")[:1])),
                default=Subquery(sent.read_as(Edition.APPROVAL).values("pk")[:1]),
                output_field=IntegerField(),
            ),
            shared_count=Coalesce(Subquery(counted), 0),
            text_rank=Value(0.0, output_field=FloatField()),
        )
        if words is not None:
            text = related("texts").filter(edition=OuterRef("read_edition"))
            rank = text.values(rank=Rank(F("document"), words))[:1]
            found = found.annotate(text_rank=Coalesce(Subquery(rank), 0.0))
        return (
            found.filter(Q(text_rank__gt=0) | Q(shared_count__gt=0))
            .filter(Q(edition=Edition.LIVE) | Q(read_version__isnull=False))
            .order_by((F("text_rank") + F("shared_count") * SHARED).desc(), "-pk")
        )

    def numbered(self, numbers: Iterable[str]) -> Self:
        return self.filter(number__in=list(numbers))

    def in_status(self, *statuses: str) -> Self:
        return self.filter(status__in=statuses)

    def tracks(self) -> Self:
        """Narrow to the tracks that were set in motion, which everybody may hear of; adds `sent_content`, as it was approved."""
        sent = related("versions").read_as(PUBLIC)
        return (
            self.filter(status__in=PUBLIC_IN)
            .annotate(sent_content=Subquery(sent.order_by("-number").values("content")[:1]))
            .select_related("lead_dgo")
            .order_by("-status_since", "-pk")
        )

    def unended(self) -> Self:
        return self.exclude(status__in=ENDED)

    def without_own_term(self) -> Self:
        """Narrow to those that follow the round's deadlines."""
        return self.filter(answer_due_at=None)

    def in_round(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def of_dgo(self, dgo_ids: Any) -> Self:
        return self.filter(lead_dgo_id__in=dgo_ids)

    def of_dgos(self, dgo_ids: Any, *, at: datetime) -> Self:
        """Narrow to those that one of the DGOs has, or reads along with."""
        rows: Any = apps.get_model("proposals", "Access").objects.current(at=at).of_co_readers()
        along = rows.filter(proposal=OuterRef("pk"), dgo_id__in=dgo_ids)
        return self.filter(Q(lead_dgo_id__in=dgo_ids) | Exists(along))

    def behind(self, versions: Iterable[Version]) -> Self:
        return self.filter(pk__in=[version.proposal_id for version in versions])

    def made_by(self, owner: User, organization: Any) -> Self:
        """Narrow to those of the owner that nobody has confirmed to be the organization's."""
        unnamed = self.filter(organization=organization, organization_confirmed_at=None)
        return unnamed.filter(owner=owner)

    def unvouched(self) -> Self:
        """Narrow to what was sent on behalf of an organization that nobody but the sender has named."""
        sent = Exists(related("versions"))
        unnamed = self.unended().filter(organization__isnull=False, organization_confirmed_at=None)
        return unnamed.filter(sent).with_frame()

    def orphaned(self) -> Self:
        """Narrow to those whose owner can no longer sign in."""
        return self.unended().filter(owner__is_active=False)

    def without_desk(self, day: date) -> Self:
        """Narrow to those that a DGO should work with, and that lie with none, or one that has ended or has no adviser on the day."""
        served = Membership.objects.advising_on(day).filter(dgo=OuterRef("lead_dgo"))
        return self.filter(status__in=WITH_DGO).filter(
            Q(lead_dgo=None) | Q(lead_dgo__valid_until_date__lte=day) | ~Exists(served)
        )

    def with_due(self, reader: User | None = None) -> Self:
        """
        Add `due_at`: the moment the one whose turn it is must have acted, where the line knows one.

        To a `reader` it is their own, where they have a dispensation that reaches longer.
        """
        if reader is not None:
            return self.with_due().annotate(due_at=_with_leave(reader))
        return self.annotate(
            due_at=Case(
                When(
                    status=Status.DRAFT,
                    then=Coalesce("answer_due_at", "round__qualification_deadline_at"),
                ),
                When(
                    status=Status.IN_QUALIFICATION,
                    then=F("round__dgo_deadline_at"),
                ),
                When(
                    status=Status.QUALIFIED,
                    then=Coalesce("answer_due_at", "round__approval_deadline_at"),
                ),
                default=Value(None),
                output_field=DateTimeField(),
            )
        )

    def with_counts(self, reader: User, *, at: datetime) -> Self:
        """Add `open_threads`: threads of sparring nobody has ended, of the circles the reader stands in."""
        for_all, inner = (
            related("advice").open().in_circle(circle).order_by().values("proposal")
            for circle in ("everybody", "advisers")
        )
        counts = [
            Coalesce(Subquery(threads.annotate(count=Count("pk")).values("count")), 0)
            for threads in (for_all, inner)
        ]
        among_advisers = Case(When(sql.is_among_advisers(reader, at=at), then=counts[1]), default=0)
        return self.annotate(open_threads=counts[0] + among_advisers)

    def with_frame(self) -> Self:
        """Join what every page about a proposal shows."""
        return self.select_related("round", "organization", "lead_dgo", "owner")

    def with_row(self) -> Self:
        """Join what a list shows of each, and leave the long texts unread."""
        joined = self.select_related("round", "organization", "lead_dgo")
        return joined.only(
            "number",
            "title",
            "status",
            "status_since",
            "edited_at",
            "answer_due_at",
            "sparring_opened_at",
            "revision",
            "round__name",
            "round__qualification_deadline_at",
            "round__dgo_deadline_at",
            "round__approval_deadline_at",
            "round__meeting_date",
            "organization_confirmed_at",
            "organization__name",
            "lead_dgo__name",
        )

    def sorted_by(self, column: str) -> Self:
        """Order by a column of the list, the other way round with a minus; comes after `with_reading` and `with_due`."""
        keys: dict[str, Any] = {
            "nummer": F("number"),
            "titel": as_danes_sort("shown_title"),
            "status": Case(*(When(status=s, then=Value(n)) for n, s in enumerate(Status))),
            "frist": F("due_at"),
            "aendret": F("edited_at"),
            # After `matching` only.
            "relevans": F("rank"),
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

    def longest_here_first(self) -> Self:
        return self.order_by("status_since", "pk")

    def by_number(self) -> Self:
        return self.order_by("number", "pk")


@PreparedFor
def shown_proposal(user: User, *, at: datetime) -> QuerySet[Proposal]:
    """Give the proposal of a `number`, if the person sees it, with what every page about it shows."""
    proposals: ProposalQuerySet = apps.get_model("proposals", "Proposal").objects.all()
    visible = proposals.visible_to(user, at=at).with_frame().with_reading(user, at=at)
    return visible.filter(number=Given("number", CharField()))


class VersionQuerySet(QuerySet["Version"]):
    def read_as(self, edition: Edition | None) -> Self:
        """Narrow to those that are read by whoever reads that text."""
        if edition is None:
            return self.none()
        read = self.filter(gate__in=sorted(edition.gates))
        return read if edition.holds_taken_back else read.standing()

    def at_gate(self, gate: Gate) -> Self:
        return self.filter(gate=gate)

    def newest_first(self) -> Self:
        return self.order_by("-number", "-pk")

    def oldest_first(self) -> Self:
        return self.order_by("number", "pk")

    def among(self, pks: Iterable[int]) -> Self:
        return self.filter(pk__in=list(pks))

    def of_proposals(self, pks: Iterable[int]) -> Self:
        return self.filter(proposal__in=list(pks))

    def texts(self) -> Self:
        """Read no more than what was written, and which it is."""
        return self.only("proposal_id", "number", "gate", "title", "content", "taken_back_at")

    def participants_of(self) -> dict[int, list[str]]:
        """Name who took part in each, without reading the rest of it: one query."""
        rows: Any = self.values_list("pk", "content__participants")
        return {pk: [row["name"] for row in participants] for pk, participants in rows}

    def sent_in(self, round_: Any) -> Self:
        return self.filter(round=round_)

    def standing(self) -> Self:
        """Narrow to what was not taken back."""
        return self.filter(taken_back_at=None)

    def sent_in_their_round(self, pks: Iterable[int]) -> set[int]:
        """Give those of the proposals of which something sent in the round they are in stands: the first deadline was met."""
        sent = self.standing().filter(proposal__in=list(pks), round=F("proposal__round"))
        return set(sent.values_list("proposal_id", flat=True))

    def last_of(self, pks: Iterable[int]) -> Self:
        """
        Narrow to what was sent last of each of the proposals.

        Adds `is_first`: nothing else that was sent in its round stands.
        """
        earlier = (
            type(self)(self.model)
            .standing()
            .filter(
                proposal=OuterRef("proposal"),
                round=OuterRef("round"),
                number__lt=OuterRef("number"),
            )
        )
        newest = self.of_proposals(pks).order_by("proposal", "-number").distinct("proposal")
        return newest.annotate(is_first=~Exists(earlier))

    def with_people(self) -> Self:
        return self.select_related("frozen_by", "round", "paper")

    def with_attachment(self, pk: int) -> Self:
        """Narrow to those that were sent with the file."""
        return self.filter(content__attachments__contains=[{"pk": pk}])


def _with_leave(reader: User) -> Combinable:
    """Give the later of `due_at` and the reader's own dispensation at the gate ahead."""
    mine = related("dispensations").standing().held_by(reader)
    ahead = mine.filter(
        Q(proposal__status=Status.DRAFT, gate="qualification")
        | Q(proposal__status=Status.QUALIFIED, gate="approval")
    )
    return Greatest("due_at", Subquery(ahead.longest_first().values("until_at")[:1]))


def related(name: str) -> Any:
    """Give the rows that belong to the proposal of the outer query."""
    return all_behind(name).filter(proposal=OuterRef("pk"))


def all_behind(name: str) -> Any:
    """Give all rows behind an accessor of proposals."""
    # By name, since models read their querysets first.
    model: Any = apps.get_model("proposals", "Proposal")._meta.get_field(name).related_model
    return model.objects
