"""What a change of the policy would do."""
