"""Previews of a change of the policy."""
