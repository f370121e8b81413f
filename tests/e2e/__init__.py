"""A package, so that pytest ends its fixtures of scope `package` with its last test."""
