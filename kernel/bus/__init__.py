"""What services say and hear, on RabbitMQ or within one process."""
