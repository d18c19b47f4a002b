"""The role acted in, and what each role can see and do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bridgehead.accounts.access import GET_AND_POST, SignedIn, needs, public
from bridgehead.people.forms import RoleForm
from bridgehead.people.middleware import ACTING_AS
from bridgehead.people.queries import choices
from bridgehead.people.reference import duties, table
from bridgehead.people.rules import roles


@needs(methods=GET_AND_POST)
def choose_role(request: SignedIn) -> HttpResponse:
    """The reader's own appointments, and a choice where there are several."""
    held, beside = choices(request.held), list(request.held)
    form = RoleForm(
        request.POST or None, held=held, initial={"acting_as": request.session.get(ACTING_AS)}
    )
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()  # other rights, another key
        request.session[ACTING_AS] = form.cleaned_data["acting_as"]
        return redirect("/")
    return render(
        request,
        "people/role.html",
        {"form": form, "held": held, "beside": [h for h in beside if h not in held]},
    )


@needs()
def signed_in(request: SignedIn) -> HttpResponse:
    """Where people arrive: those with several roles choose one first."""
    return redirect("people:choose-role" if len(choices(request.held)) > 1 else "/")


@public
def who_can_see(request: HttpRequest) -> HttpResponse:
    """What each role can see and do."""
    held = list(roles().values())
    context = {"roles": [(role, duties(role)) for role in held], "table": table()}
    return render(request, "people/who_can_see.html", context)
