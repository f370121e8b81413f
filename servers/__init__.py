"""RabbitMQ and PostgreSQL, started on this machine: for `lyceum up`, tests and measurements."""
