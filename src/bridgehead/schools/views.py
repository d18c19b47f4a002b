"""The members of the partnership: who they are, and who joins and leaves."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs
from bridgehead.accounts.rules import Permission
from bridgehead.core.home import home
from bridgehead.picture.picture import NoPicture, Picture
from bridgehead.schools.access import get_membership_for
from bridgehead.schools.actions import BadRows, add_members, end_membership, look_over
from bridgehead.schools.forms import MemberFilter, MemberForm, SheetForm
from bridgehead.schools.queries import kinds_there, memberships


@needs(Permission.MANAGE_MEMBERS)
def members(request: SignedIn) -> HttpResponse:
    """Every member with its kind and its groups, or those that have left."""
    today, left = localdate(), "left" in request.GET
    kinds = kinds_there(request.partnership.pk, today)
    form = MemberFilter(request.GET, kinds=kinds)
    found = memberships(
        request.partnership.pk, today, words=form.asked("q"), kind=form.asked("kind"), left=left
    )
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "left": left, "filters": form, "total": sum(kinds.values())}
    return render(request, "schools/members.html", context)


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def add_member(request: SignedIn) -> HttpResponse:
    """One member by a form."""
    form = MemberForm(request.POST or None, initial={"joined": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            add_members(
                partnership=request.partnership,
                rows=[form.cleaned_data["row"]],
                picture=_picture(),
                by=request.reader,
                joined=form.cleaned_data["joined"],
            )
            return redirect("schools:members")
        except BadRows as bad:
            form.tell(bad.faults)
    return render(request, "schools/add_member.html", {"form": form})


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def add_sheet(request: SignedIn) -> HttpResponse:
    """Many members: read, looked over with counts, and added once that is confirmed."""
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        partnership, picture = request.partnership, _picture()
        try:
            if request.POST.get("step") == "confirm":
                add_members(
                    partnership=partnership, rows=form.rows(), picture=picture, by=request.reader
                )
                return redirect("schools:members")
            found = look_over(partnership=partnership, rows=form.rows(), picture=picture)
            context |= {"found": found, "text": form.cleaned_data["text"]}
            return render(request, "schools/look_over.html", context)
        except BadRows as bad:
            form.tell(bad.faults)
    return render(request, "schools/add_sheet.html", context)


@needs(Permission.MANAGE_MEMBERS, methods=GET_AND_POST)
def leave(request: SignedIn, membership_id: int) -> HttpResponse:
    """Ask, then let a member leave that was entered by hand."""
    membership = get_membership_for(request.reader, membership_id)
    if request.method == "POST" and membership.by_hand:
        end_membership(membership=membership, by=request.reader)
        return redirect("schools:members")
    return render(request, "schools/leave.html", {"membership": membership})


def _picture() -> Picture | None:
    try:
        return Picture.open(home())
    except NoPicture:
        return None
