"""Starts RabbitMQ and PostgreSQL on this machine, for `lyceum up`, tests and benchmarks."""
