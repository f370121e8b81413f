"""When absences become a case: runs of missed days, shares of a month."""
