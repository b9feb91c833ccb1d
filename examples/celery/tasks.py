"""Jobs that outlive a request, on as many machines as there are: every domain of a corpus.

    celery --app tasks worker --concurrency 4

    import tasks
    tasks.domains_of(["/corpus/a.log", "/corpus/b.log"]).get()

A job is a reference to a file that all workers can read, never its content. No job is lost:

- a message is acknowledged when its job is done (acks_late), so the jobs of a worker that dies go
  to another: at once where one process of it died, after VISIBILITY_SECONDS where all of it did
  (workers look for such jobs when they start, and every 100 seconds);
- a worker takes one job ahead at most (prefetch 1);
- a server that is full or gone makes a job wait and not fail: gRPC tries again first, then the job
  goes back to the queue, for as long as the server said or a growing backoff.

And none counts twice, though it may run twice: what a job returns depends on the file alone, so
that the chord, which keeps results in a set, sees the same one.
"""

import os
import pathlib
import random

import celery
import celery.signals

import trawl

BROKER = os.environ.get("BROKER_URL", "redis://localhost:6379/0")
TARGETS = os.environ.get("TRAWL_TARGETS", "localhost:50151").split(",")
# Longer than any job takes.
VISIBILITY_SECONDS = int(os.environ.get("VISIBILITY_SECONDS", "3600"))
MAX_BACKOFF_SECONDS = 60

OPTIONS = trawl.ProcessOptions(result_form=trawl.ResultForm.DISTINCT)
TRY_AGAIN = (trawl.OverloadedError, trawl.UnavailableError, trawl.DeadlineExceededError)

app = celery.Celery("corpus", broker=BROKER, backend=BROKER)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS},
    result_backend_transport_options={"visibility_timeout": VISIBILITY_SECONDS},
    broker_connection_retry_on_startup=True,
)

client = None


@celery.signals.worker_process_init.connect
def make_client(**_):
    """A client for each process, made after the fork."""
    global client
    client = trawl.Client(TARGETS)


def delay_of(error, retries):
    """What the server asks for, else a random part of a backoff that doubles."""
    if getattr(error, "retry_delay", None) is not None:
        return error.retry_delay
    return random.uniform(0, min(MAX_BACKOFF_SECONDS, 2 ** min(retries, 10)))


@app.task(bind=True, max_retries=None)
def extract(self, path):
    """The domains of a file, each with its number of occurrences."""
    try:
        result = client.extract(pathlib.Path(path), OPTIONS)
    except TRY_AGAIN as error:
        raise self.retry(exc=error, countdown=delay_of(error, self.request.retries))
    if not result.complete:
        raise RuntimeError(f"{path}: {result.chunk_errors[0].error}" if result.chunk_errors
                           else f"{path}: more domains than the server gives in one answer")
    return sorted((found.value, found.count) for found in result.distinct)


@app.task
def merge(results):
    """The domains of all files: in how many they are, and how often."""
    merged = {}
    for result in results:
        for value, count in result:
            files, occurrences = merged.get(value, (0, 0))
            merged[value] = (files + 1, occurrences + count)
    return merged


def domains_of(paths):
    """Puts a corpus into the queue. The answer's get() is {domain: [files, occurrences]}."""
    return celery.chord(extract.s(str(path)) for path in paths)(merge.s())
