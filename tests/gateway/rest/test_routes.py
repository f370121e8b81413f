"""What follows from a row of a table of addresses, and rows that cannot be right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from marshmallow import fields

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.past_import import PastImports
from contracts.gradebook.plans import Plans
from contracts.gradebook.timetable_import import TimetableImport
from gateway.door.asking import LONG_TIMEOUT, TIMEOUT
from gateway.rest.gradebook import ROUTES
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import Route, RouteError, check, delete, get, patch, post, put, serve
from kernel.contract import SIGNED_IN, Command, Done, Empty, Interface, Rpc, View


class BookId(Command):
    """One book."""

    book_id = fields.UUID(required=True)


class ChangeBook(BookId):
    """Another title. A field left out stays as it is."""

    title = fields.Str()
    shelf = fields.Str(load_default="")
    version = fields.Int(required=True)


class RemoveBook(BookId):
    """A book that is lost."""

    reason = fields.Str(required=True)
    version = fields.Int(required=True)


class LentOn(Command):
    """Books lent on a date."""

    date = fields.Date(required=True)
    reader_id = fields.UUID(load_default=None, allow_none=True)


class AddBook(Command):
    """A new book."""

    title = fields.Str(required=True)


class BookView(View):
    """A book."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    version = fields.Int(required=True)


class LoanView(View):
    """A loan of a book."""

    book = fields.Nested(BookView, required=True)


class Books(Interface, service="library"):
    """Books of a library."""

    books = Rpc(Empty, BookView, "Books.", SIGNED_IN)
    book = Rpc(BookId, BookView, "A book.", SIGNED_IN)
    add_book = Rpc(AddBook, BookView, "Enter a book.", SIGNED_IN)
    change_book = Rpc(ChangeBook, BookView, "Change a book.", SIGNED_IN)
    remove_book = Rpc(RemoveBook, Done, "Take a book out.", SIGNED_IN)
    lent_on = Rpc(LentOn, BookView, "Books lent on a date.", SIGNED_IN)


def loan(book_id: UUID, *, title: str = "") -> dict[str, Any]:
    """A loan with its book.

    Raises nothing.
    """
    return {"book_id": book_id, "title": title}


def lent(day: date, **command: Any) -> dict[str, Any]:
    """Books lent on a date."""
    return {"day": day, **command}


def form_of(route: Route) -> list[str]:
    return list(route.form.fields) if route.form else []


def test_the_form_is_the_command_without_what_the_path_and_if_match_say() -> None:
    route = patch("/books/{book_id}", Books.change_book)
    assert form_of(route) == ["title", "shelf"]
    assert route.by_if_match


def test_the_form_has_the_name_of_its_command() -> None:
    assert type(patch("/books/{book_id}", Books.change_book).form) is ChangeBook


def test_a_removal_takes_its_version_by_if_match_too() -> None:
    route = delete("/books/{book_id}", Books.remove_book)
    assert (form_of(route), route.by_if_match) == (["reason"], True)


def test_nothing_is_left_for_a_form_where_the_path_says_all() -> None:
    route = get("/books/{book_id}", Books.book)
    assert (route.form, route.by_if_match) == (None, False)


def test_ids_and_dates_of_a_path_are_read_as_such() -> None:
    assert get("/books/{book_id}", Books.book).rule == "/books/<id:book_id>"
    route = get("/lent/{day}", Books.lent_on, path_names={"day": "date"})
    assert (route.rule, form_of(route)) == ("/lent/<day:day>", ["reader_id"])
    assert route.values({}, {"day": date(2026, 9, 1)}) == {"date": date(2026, 9, 1)}


def test_fields_left_out_are_no_part_of_the_form() -> None:
    assert form_of(get("/lent/{day}", Books.lent_on, path_names={"day": "date"}, without=("reader_id",))) == []


def test_a_function_that_answers_takes_what_it_names() -> None:
    route = post("/books/{book_id}/loan", Books.change_book, answer=loan, view=LoanView)
    assert form_of(route) == ["title"]
    assert not route.by_if_match
    assert list(route.view.fields) == ["book"]
    assert route.call({"book_id": 1, "title": "Onegin"}) == {"book_id": 1, "title": "Onegin"}


def test_a_function_that_answers_may_take_a_path_and_every_field() -> None:
    route = get("/days/{day}/lent", Books.lent_on, answer=lent)
    assert (route.rule, form_of(route)) == ("/days/<day:day>/lent", ["date", "reader_id"])


def test_each_verb_has_its_status_and_an_empty_answer_204() -> None:
    assert post("/books", Books.add_book).status == 201
    assert post("/books", Books.add_book, status=202).status == 202
    assert post("/books/by-title", Books.add_book, reads=True).status == 200
    assert get("/books/{book_id}", Books.book).status == 200
    assert put("/books/{book_id}", Books.change_book).status == 200
    assert delete("/books/{book_id}", Books.remove_book).status == 204


def test_addresses_that_look_into_a_file_wait_for_it_wherever_it_is_named() -> None:
    looking = {Calendar.read_days_file, Calendar.take_days_file, Plans.read_plan_file, Plans.import_plan}
    looking |= {PastImports.read_past_file, PastImports.take_past_file}
    looking |= {TimetableImport.read_timetable_file, TimetableImport.take_timetable_file}
    waiting = {route.method for route in ROUTES if route.timeout == LONG_TIMEOUT}
    assert waiting == looking
    assert get("/books", Books.books).timeout == TIMEOUT


def test_the_document_says_what_method_and_command_say_of_themselves() -> None:
    changed = patch("/books/{book_id}", Books.change_book)
    assert changed.doc == "Change a book.\n\nAnother title. A field left out stays as it is."
    assert get("/books/{book_id}", Books.book).doc == "A book."
    composed = post("/books/{book_id}/loan", Books.book, answer=loan, view=LoanView)
    assert composed.doc == "A loan with its book."
    assert get("/books", Books.books, summary="One's own books.").doc == "One's own books."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            lambda: get("/books/{id}", Books.book),
            "The address GET /books/{id} has id in its path, which is no field of library.book.",
        ),
        (
            lambda: get("/books/{book_id}/{shelf_id}", Books.book, answer=loan),
            "The address GET /books/{book_id}/{shelf_id} has shelf_id in its path, which is no field of "
            "tests.gateway.rest.test_routes.loan.",
        ),
        (
            lambda: get("/lent/{command}", Books.lent_on, answer=lent),
            "The address GET /lent/{command} has command in its path, which is no field of "
            "tests.gateway.rest.test_routes.lent.",
        ),
        (
            lambda: put("/shelves/{shelf}", Books.change_book),
            "The address PUT /shelves/{shelf} has shelf in its path, which is neither an id nor a date.",
        ),
        (
            lambda: post("/books", Books.add_book, without=("author",)),
            "The address POST /books leaves out author, which is no field of library.add_book.",
        ),
        (
            lambda: post("/books", Books.add_book, without=("title",)),
            "The address POST /books does not give title, which library.add_book asks for.",
        ),
        (
            lambda: get("/lent", Books.lent_on, answer=lent),
            "The address GET /lent does not give day, which tests.gateway.rest.test_routes.lent asks for.",
        ),
        (
            lambda: get("/books/{book_id}", Books.book, path_names={"book": "book_id"}),
            "The address GET /books/{book_id} renames book, which is not in its path.",
        ),
        (
            lambda: get("/books/{book_id}", Books.book, view=LoanView),
            "The address GET /books/{book_id} says `view` without `answer`; the answer is the method's own then.",
        ),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_in_a_sentence(row: Any, said: str) -> None:
    with pytest.raises(RouteError) as error:
        row()
    assert str(error.value) == said


def test_an_address_that_stands_twice_is_refused_whatever_its_names() -> None:
    with pytest.raises(RouteError) as error:
        check(
            [put("/books/{book_id}", Books.change_book), put("/books/{id}", Books.book, path_names={"id": "book_id"})]
        )
    assert str(error.value) == (
        "The address PUT /books/{id} stands twice: for library.change_book and for library.book."
    )
    check([put("/books/{book_id}", Books.change_book), patch("/books/{book_id}", Books.change_book, name="change")])


def test_a_method_that_stands_twice_needs_a_name_for_one_of_its_addresses() -> None:
    with pytest.raises(RouteError) as error:
        check([get("/books", Books.books), get("/library", Books.books)])
    assert str(error.value) == (
        "The name books stands twice: for GET /books and for GET /library. Give one of them a `name`."
    )


def test_a_method_that_the_policy_does_not_know_is_not_served() -> None:
    with pytest.raises(KeyError, match=r"library\.books"):
        serve([get("/books", Books.books)], ApiBlueprint("library", __name__, "Books."))
