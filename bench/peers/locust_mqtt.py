"""locust_mqtt.py <port> <connections>: users of locust with an MQTT client of Eclipse Paho each, which subscribe to four filters and then echo QoS 1
messages to themselves. Tells as JSON what that cost this process."""

from gevent import monkey

monkey.patch_all()

import json
import resource
import sys
import time

import gevent
import paho.mqtt.client as mqtt
from gevent.event import Event
from gevent.pool import Pool
from locust import User
from locust.env import Environment

PORT, CONNECTIONS = int(sys.argv[1]), int(sys.argv[2])
CONNECTING = 64
ECHOING = 256
ECHO_SECONDS = 3
PAYLOAD = b"x" * 200


class Device(User):
    """A user that has a connection of its own."""

    def begin(self, index):
        self.name = f"locust-{index:06d}"
        self.rounds = 0
        self.connected, self.subscribed, self.back = Event(), Event(), Event()
        versions = getattr(mqtt, "CallbackAPIVersion", None)
        self.client = mqtt.Client(*([versions.VERSION1] if versions else []), client_id=self.name)
        self.client.on_connect = lambda *_: self.connected.set()
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.on_message = lambda *_: self.back.set()
        self.client.connect("127.0.0.1", PORT, keepalive=600)
        self.client.loop_start()
        self.connected.wait()
        self.subscribe([f"$aws/things/{self.name}/jobs/{topic}" for topic in ("notify-next", "start-next/accepted", "+/update/accepted", "+/update/rejected")])

    def subscribe(self, filters):
        self.subscribed.clear()
        self.client.subscribe([(name, 1) for name in filters])
        self.subscribed.wait()

    def echo(self, end):
        while time.time() < end:
            self.back.clear()
            self.client.publish(f"echo/{self.name}", PAYLOAD, qos=1)
            self.back.wait()
            self.rounds += 1


def cpu_micros():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


environment = Environment(user_classes=[Device])
memory, cpu, started = resident_bytes(), cpu_micros(), time.time()
devices = [Device(environment) for _ in range(CONNECTIONS)]
pool = Pool(CONNECTING)
for index, device in enumerate(devices):
    pool.spawn(device.begin, index)
pool.join(raise_error=True)
seconds, cpu = time.time() - started, cpu_micros() - cpu
memory = resident_bytes() - memory
echoing = devices[:ECHOING]
for device in echoing:
    device.subscribe([f"echo/{device.name}"])
echo_cpu, end = cpu_micros(), time.time() + ECHO_SECONDS
gevent.joinall([gevent.spawn(device.echo, end) for device in echoing], timeout=ECHO_SECONDS + 5)
echo_cpu = cpu_micros() - echo_cpu
result = {
    "connectionsPerSecond": CONNECTIONS / seconds,
    "clientMicros": cpu / CONNECTIONS,
    "bytesPerDevice": memory / CONNECTIONS,
    "echoMicros": echo_cpu / max(1, sum(device.rounds for device in echoing)),
}
print(json.dumps(result), flush=True)
import os

os._exit(0)
