"""People of a school: names, contacts, roles, guardians; the facts of students that other services copy."""
