# A Celery application without a word about Drover.
import os
import time

import redis
from celery import Celery

app = Celery("program", broker=os.environ["BROKER"])
app.conf.task_default_queue = "one"
client = redis.Redis.from_url(os.environ["BROKER"])


@app.task(name="work")
def work(task, ms):
    client.rpush(f"started:{task}", os.getpid())
    time.sleep(ms / 1000)
    with client.pipeline() as both:
        both.rpush(f"ended:{task}", os.getpid())
        both.incr("ended")
        both.execute()
