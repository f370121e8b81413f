"""Minimal programs to compare the kernel with: `python -m cli.bench.bare rpc|events URL …`."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import amqp
import psycopg
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.message import Message
from sqlalchemy.engine import make_url

RPC_QUEUE: Final = "bare.rpc"
EVENTS: Final = "bare.events"
DIRECT_REPLY: Final = "amq.rabbitmq.reply-to"
#: The prefetch count, the same as a service's.
PREFETCH: Final = 10


def bare_connection(url: str) -> amqp.Connection:
    """An unmodified py-amqp connection, opened by kombu."""
    return Connection(url).transport.establish_connection()


def answer_calls(url: str) -> None:
    """Answer calls with py-amqp alone: transient messages, direct reply-to."""
    connection = bare_connection(url)
    channel = connection.channel()
    channel.queue_declare(RPC_QUEUE, auto_delete=True, durable=False)

    def answer(message: amqp.Message) -> None:
        asked = json.loads(message.body)
        properties = message.properties
        reply = amqp.Message(json.dumps({"answer": asked}), correlation_id=properties["correlation_id"])
        channel.basic_publish(reply, exchange="", routing_key=properties["reply_to"])
        channel.basic_ack(message.delivery_tag)

    channel.basic_qos(0, PREFETCH, False)
    channel.basic_consume(RPC_QUEUE, callback=answer)
    while True:
        connection.drain_events()


def events_queue() -> Queue:
    """A queue of the same type as a handler's."""
    exchange = Exchange(EVENTS, "direct", durable=True)
    return Queue(EVENTS, exchange, EVENTS, durable=True, queue_arguments={"x-queue-type": "quorum"})


def handle_events(url: str, database_url: str) -> None:
    """Consume events with kombu alone: write a row for each event, and acknowledge it."""
    parts = make_url(database_url)
    database = psycopg.connect(
        host=parts.host,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname=parts.database,
        autocommit=True,
    )

    def handle(body: Any, message: Message) -> None:
        with database.transaction(), database.cursor() as cursor:
            row = (body["game_id"], body["number"])
            cursor.execute("INSERT INTO game (game_id, number) VALUES (%s, %s)", row)
        message.ack()

    with Connection(url) as connection:
        consumer = connection.Consumer(events_queue(), callbacks=[handle], accept=["json"])
        consumer.qos(prefetch_count=PREFETCH)
        with consumer:
            while True:
                connection.drain_events()


if __name__ == "__main__":
    what, *urls = sys.argv[1:]
    if what == "rpc":
        answer_calls(*urls)
    else:
        handle_events(*urls)
