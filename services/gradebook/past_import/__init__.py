"""A school's past, taken over from what another system exports."""
