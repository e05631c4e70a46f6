"""A Celery application that sleeps as long as a task says, and notes when each starts and ends."""

import json
import os
import time

import redis
from celery import Celery

app = Celery("noting", broker=os.environ["REDIS_URL"])
notes = redis.Redis.from_url(os.environ["REDIS_URL"])


def note(what, task):
    notes.rpush(
        "notes",
        json.dumps({"what": what, "task": task, "by": os.environ.get("NOMAD_ALLOC_ID"), "at": time.time() * 1000}),
    )


@app.task(name="nap", bind=True)
def nap(self, ms):
    note("start", self.request.id)
    time.sleep(ms / 1000)
    note("end", self.request.id)
