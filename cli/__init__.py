"""The `lyceum` command, which runs and maintains an installation."""
