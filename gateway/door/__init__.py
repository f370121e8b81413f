"""What every request passes through: identification, policy of roles, language, answers to refusals and faults."""
