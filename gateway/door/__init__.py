"""What every request passes: who asks, may they, in which language, and how refusals are told."""
