"""When absences need action: runs of missed days, missed shares of a month."""
