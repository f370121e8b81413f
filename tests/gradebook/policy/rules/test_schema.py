"""The policy as a document: nothing is lost on the way, and what is wrong is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from kernel.errors import Invalid
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules import schema
from services.gradebook.policy.rules.policy import Group, Handling, Kind, Policy, Scope, Special, Threshold, Veto
from services.gradebook.policy.rules.schema import dump_policy, load_policy, policy_document_schema
from tests.examples import examples
from tests.gradebook.policy.policies import DEFAULT, RULES, VOTE, policies, with_value


@pytest.fixture
def anew() -> None:
    """The fields are put together in this test."""
    schema._document.cache_clear()


@pytest.fixture(scope="module")
def is_described() -> Callable[[Any], bool]:
    """Whether the JSON Schema takes a document."""
    is_valid: Callable[[Any], bool] = jsonschema.Draft202012Validator(policy_document_schema()).is_valid
    return is_valid


@settings(max_examples=examples(40))
@given(policies())
def test_a_policy_comes_back_from_its_document_as_it_was(is_described, policy: Policy) -> None:
    document = json.loads(json.dumps(dump_policy(policy)))
    assert document == dump_policy(policy)
    assert load_policy(document) == policy
    assert is_described(document)


def test_an_empty_document_says_the_default_policy() -> None:
    assert load_policy({}) == DEFAULT
    assert load_policy({"terms": {}, "means": {"weight": {}}}) == DEFAULT


def test_a_document_holds_every_rule() -> None:
    document = dump_policy(DEFAULT)
    paths = {f"{part}.{name}" for part, rules in document.items() if isinstance(rules, dict) for name in rules}
    assert paths == set(RULES)


@pytest.mark.usefixtures("anew")
def test_a_document_is_made_of_plain_values() -> None:
    document = dump_policy(DEFAULT)
    assert (document["version"], document["valid_from"], document["adopted_by"]) == (0, "0001-01-01", "")
    assert document["time_zone"] == "Europe/Samara"
    assert document["kinds"][1] == {
        "code": "homework",
        "name": "Домашняя работа",
        "written": False,
        "control": False,
        "homework": True,
    }
    assert document["scales"]["marked"] == {
        "value": True,
        "source": {"act": "regulation", "clause": ""},
        "specials": [
            {
                "scope": {"grades": [1], "subjects": [], "kinds": []},
                "value": False,
                "source": {"act": "regulation", "clause": "2.5"},
            }
        ],
    }
    assert document["means"]["excused"]["value"] == "left_out"
    assert document["terms"]["thresholds"]["value"][:2] == [{"mark": 5, "least": "4.5"}, {"mark": 4, "least": "3.5"}]
    assert document["keeping"]["week"]["value"] == [1, 2, 3, 4, 5, 6]
    assert document["figures"]["degree"]["value"][0] == ["5", "100"]
    assert dump_policy(with_value("keeping.week", frozenset({8, 1})))["keeping"]["week"]["value"] == [1, 8]


@pytest.mark.usefixtures("anew")
def test_what_a_document_says_stands_in_place_of_the_default() -> None:
    policy = load_policy(
        {
            "version": 3,
            "valid_from": "2027-09-01",
            "adopted_by": "решение № 4",
            "time_zone": "Asia/Omsk",
            "kinds": [{"code": "quiz", "name": "Опрос"}],
            "means": {
                "excused": {"value": "zero"},
                "groups": {"value": [{"code": "written", "kinds": ["quiz"], "weight": "0.5", "drop_lowest": 1}]},
            },
            "terms": {
                "thresholds": {"value": [{"mark": 5, "least": "4.65"}, {"mark": 2, "least": "0"}]},
                "vetoes": {"value": [{"highest": 4, "kinds": ["quiz"], "low": 2}]},
            },
            "keeping": {"week": {"value": [1, 2, 2]}},
            "figures": {"degree": {"value": [["5", "100"], ["4", "64.5"]]}},
        }
    )
    assert (policy.version, policy.valid_from, policy.adopted_by) == (3, date(2027, 9, 1), "решение № 4")
    assert policy.time_zone == "Asia/Omsk"
    assert policy.kinds == (Kind("quiz", "Опрос"),)
    assert policy.means.excused.value is Handling.ZERO
    assert policy.means.groups.value == (Group("written", frozenset({"quiz"}), Decimal("0.5"), 1, 0),)
    assert policy.terms.thresholds.value == (Threshold(5, Decimal("4.65")), Threshold(2, Decimal(0)))
    assert policy.terms.vetoes.value == (Veto(4, frozenset({"quiz"}), 2),)
    assert policy.keeping.week.value == frozenset({1, 2})
    assert policy.figures.degree.value == (("5", Decimal(100)), ("4", Decimal("64.5")))
    assert policy.means.weight == DEFAULT.means.weight


@pytest.mark.usefixtures("anew")
def test_a_value_without_source_rests_on_the_vote() -> None:
    assert load_policy({"means": {"decimals": {"value": 3}}}).means.decimals.source == VOTE
    told = {"value": 3, "source": {"act": "приказ № 5", "clause": "2"}}
    assert load_policy({"means": {"decimals": told}}).means.decimals.source == Source("приказ № 5", "2")
    alone = load_policy({"means": {"decimals": {"source": {"act": "law"}}}}).means.decimals
    assert (alone.value, alone.source) == (2, Source("law"))


@pytest.mark.usefixtures("anew")
def test_special_rules_stay_until_they_are_given() -> None:
    """So that a school which writes `marked` down again does not lift the regulation by leaving out a line."""
    assert load_policy({"scales": {"marked": {"value": True}}}).scales.marked.specials[0].value is False
    assert load_policy({"keeping": {"mark_days": {"specials": []}}}).keeping.mark_days.specials == ()
    given_one = {"specials": [{"scope": {"kinds": ["essay"]}, "value": 5}]}
    rule = load_policy({"keeping": {"mark_days": given_one}}).keeping.mark_days
    assert rule.specials == (Special(Scope(kinds=frozenset({"essay"})), 5, VOTE),)
    assert (rule.value, rule.source) == (0, Source("regulation", "3.2"))


REQUIRED, UNKNOWN = "Missing data for required field.", "Unknown field."


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize(
    ("document", "faults"),
    [
        ([], {"": "Invalid input type."}),
        (None, {"": "Invalid input type."}),
        ({"rules": {}}, {"rules": UNKNOWN}),
        ({"terms": {"x": {}}}, {"terms.x": UNKNOWN}),
        ({"terms": {"disputed": {"x": 1}}}, {"terms.disputed.x": UNKNOWN}),
        ({"terms": {"disputed": "0.1"}}, {"terms.disputed": "Invalid input type."}),
        ({"terms": None}, {"terms": "Field may not be null."}),
        ({"version": "1"}, {"version": "Not a valid integer."}),
        ({"version": 1.5}, {"version": "Not a valid integer."}),
        ({"version": True}, {"version": "Not a valid integer."}),
        ({"valid_from": 20270901}, {"valid_from": "Not a valid date."}),
        ({"adopted_by": "x" * 201}, {"adopted_by": "Longer than maximum length 200."}),
        ({"kinds": [{"name": "Опрос", "oral": True}]}, {"kinds.0.code": REQUIRED, "kinds.0.oral": UNKNOWN}),
        ({"kinds": {}}, {"kinds": "Not a valid list."}),
        ({"scales": {"marked": {"value": 1}}}, {"scales.marked.value": "Not a valid boolean."}),
        ({"scales": {"marked": {"value": "true"}}}, {"scales.marked.value": "Not a valid boolean."}),
        ({"means": {"excused": {"value": "none"}}}, {"means.excused.value": "Must be one of: left_out, zero."}),
        ({"means": {"weight": {"source": {}}}}, {"means.weight.source.act": REQUIRED}),
        (
            {"means": {"weight": {"specials": [{"scope": {"day": 1}}]}}},
            {"means.weight.specials.0.scope.day": UNKNOWN, "means.weight.specials.0.value": REQUIRED},
        ),
        (
            {"means": {"weight": {"specials": [{"value": "1"}, {"value": "1"}]}}},
            {"means.weight.specials.0.scope": REQUIRED, "means.weight.specials.1.scope": REQUIRED},
        ),
        (
            {"terms": {"thresholds": {"value": [{"mark": 5, "least": 4.5}, {"least": "1"}]}}},
            {"terms.thresholds.value.0.least": "Not a valid number.", "terms.thresholds.value.1.mark": REQUIRED},
        ),
        ({"keeping": {"week": {"value": [1, "2"]}}}, {"keeping.week.value.1": "Not a valid integer."}),
        ({"figures": {"degree": {"value": [["5"]]}}}, {"figures.degree.value.0": "Length must be 2."}),
        ({"figures": {"degree": {"value": [["5", "1", "2"]]}}}, {"figures.degree.value.0": "Length must be 2."}),
    ],
)
def test_each_wrong_field_is_named_by_its_path(is_described, document: Any, faults: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        load_policy(document)
    assert {fault.field: str(fault.text) for fault in refused.value.faults} == faults
    assert {fault.rule for fault in refused.value.faults} == {"schema"}
    assert (refused.value.rule, refused.value.field) == ("schema", next(iter(faults)))
    assert not is_described(document)


@pytest.mark.parametrize("number", ["0.5", "0", "-1", "123456789.123456789"])
def test_decimal_numbers_are_texts(is_described, number: str) -> None:
    document = {"means": {"weight": {"value": number}}}
    policy = load_policy(document)
    assert policy.means.weight.value == Decimal(number)
    assert dump_policy(policy)["means"]["weight"]["value"] == number
    assert is_described(document)


@pytest.mark.parametrize(
    "number", [0.5, 1, True, None, "", "0,5", ".5", "5.", "1e3", "NaN", "+1", " 1", "1234567890", "0.1234567890"]
)
def test_other_ways_to_write_a_decimal_number_are_refused(is_described, number: object) -> None:
    document = {"means": {"weight": {"value": number}}}
    with pytest.raises(Invalid) as refused:
        load_policy(document)
    assert refused.value.field == "means.weight.value"
    assert not is_described(document)


def test_a_large_or_small_number_is_written_out() -> None:
    policy = load_policy({"means": {"weight": {"value": "100000000"}}, "terms": {"disputed": {"value": "0.000000001"}}})
    document = dump_policy(policy)
    assert document["means"]["weight"]["value"] == "100000000"
    assert document["terms"]["disputed"]["value"] == "0.000000001"


@pytest.mark.usefixtures("anew")
def test_the_document_has_a_json_schema() -> None:
    schema = policy_document_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "required" not in schema
    rules = schema["properties"]["terms"]["properties"]
    assert rules["thresholds"]["properties"]["value"] == {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "mark": {"type": "integer"},
                "least": {"type": "string", "pattern": r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$"},
            },
            "additionalProperties": False,
            "required": ["mark", "least"],
        },
    }
    assert schema["properties"]["means"]["properties"]["excused"]["properties"]["value"] == {
        "enum": ["left_out", "zero"]
    }
    assert schema["properties"]["valid_from"] == {"type": "string", "format": "date"}
    assert schema["properties"]["time_zone"] == {"type": "string", "maxLength": 200}
    pair = schema["properties"]["figures"]["properties"]["degree"]["properties"]["value"]["items"]
    assert (pair["type"], pair["minItems"], pair["maxItems"]) == ("array", 2, 2)
    assert [item["type"] for item in pair["prefixItems"]] == ["string", "string"]
