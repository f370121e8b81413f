"""Messaging between services, over RabbitMQ or within one process."""
