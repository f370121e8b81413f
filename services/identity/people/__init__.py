"""People of a school: names, contacts, roles, guardians; what other services copy of students."""
