"""A hundred SIGTERMs under load."""

import trawl

from replicas import Load, Replicas, asks, reach

RESTARTS = 100
CALLS = 10  # between one restart and the next, at least
CONTENT = b"see www.example.com and mail.example.org\n" * 2_500
FOUND = 5_000
COUNTS = trawl.ProcessOptions(result_form=trawl.ResultForm.COUNTS)


def rolling(show):
    """Two servers are ended by SIGTERM and started again in turn, while callers call whose calls the
    client tries again. What a server takes it must answer, or its client would see a failure; and
    it must exit with 0, which Replica.restart() demands."""
    with Replicas(2) as replicas, trawl.Client(replicas.addresses) as client:
        def call():
            found = client.extract(CONTENT, COUNTS).total_count
            if found != FOUND:
                raise ValueError(f"{found} findings, not {FOUND}")

        with Load(call, limit=10_000_000) as load:
            for number in range(RESTARTS):
                load.wait_for_calls(CALLS)
                if load.failures:
                    break
                replica = replicas.all[number % 2]
                replica.restart()
                reach(replica, asks(client))
    for failure in load.failures:
        print(failure)
    show(f"calls lost by {RESTARTS} SIGTERMs, of {load.calls}", str(len(load.failures)), "0",
         not load.failures)
