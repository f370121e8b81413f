"""The files and columns that OneRoster 1.1 and 1.2 define, also those that the import does not read, in their order."""

from __future__ import annotations

from typing import Final

_KEY: Final = ("sourcedId", "status", "dateLastModified")

#: File → its columns: those of 1.1 and, behind or among them, those that 1.2 adds.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "orgs": (*_KEY, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (*_KEY, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "courses": (
        *_KEY, "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes",
    ),
    "classes": (
        *_KEY, "title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId",
        "termSourcedIds", "subjects", "subjectCodes", "periods",
    ),
    "users": (
        *_KEY, "enabledUser", "orgSourcedIds", "role", "username", "userIds", "givenName", "familyName", "middleName",
        "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier",
        "resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
        "primaryOrgSourcedId", "pronouns",
    ),
    "roles": (
        *_KEY, "userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId",
    ),
    "enrollments": (
        *_KEY, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate",
    ),
    "demographics": (
        *_KEY, "birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth",
        "publicSchoolResidenceStatus",
    ),
    "categories": (*_KEY, "title", "weight"),
    "lineItems": (
        *_KEY, "title", "description", "assignDate", "dueDate", "classSourcedId", "categorySourcedId",
        "gradingPeriodSourcedId", "resultValueMin", "resultValueMax", "schoolSourcedId",
    ),
    "results": (
        *_KEY, "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "comment", "textScore",
        "classSourcedId", "inProgress", "incomplete", "late", "missing",
    ),
}  # fmt: skip
#: Files of the standard that hold nothing for a class journal.
UNREAD: Final = frozenset(
    {
        "classResources", "courseResources", "lineItemLearningObjectiveIds", "lineItemScoreScales", "resources",
        "resultLearningObjectiveIds", "resultScoreScales", "scoreScales", "userProfiles", "userResources",
    }
)  # fmt: skip
#: Properties of a manifest besides `file.…`.
PROPERTIES: Final = frozenset({"manifest.version", "oneroster.version", "source.systemName", "source.systemCode"})
#: Columns of one's own begin so: the standard allows them anywhere behind its own.
OWN: Final = "metadata."
