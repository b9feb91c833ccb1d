"""Several servers as one service, behind what spreads calls over them: the client, or a proxy."""

import contextlib
import unittest

import grpc
import trawl
from trawl import _channel
from trawl.v1 import content_pb2, content_pb2_grpc

from proxy import ABSENT, HAPROXY, proxy
from replicas import Load, NameServer, Replicas, asks, drain_one_unnoticed, reach

SERVERS = 3
CALLS = 300
CONTENT = b"see www.example.com and mail.example.org\n" * 25_000
FOUND = 50_000
COUNTS = trawl.ProcessOptions(result_form=trawl.ResultForm.COUNTS)


def asks_by(stub):
    """What `asks` gives, without the package's client."""
    request = content_pb2.GetCapabilitiesRequest()
    return lambda: stub.GetCapabilities(request, timeout=30).max_batch_documents


class ReplicasCase(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def start(self, *flags, count=SERVERS):
        return self.stack.enter_context(Replicas(count, *flags))

    def client(self, target, **options):
        return self.stack.enter_context(trawl.Client(target, trawl.ClientOptions(**options)))

    def name_server(self, replicas):
        return self.stack.enter_context(NameServer(replicas))

    def stub(self, target):
        """Calls as the package's client makes them, but for asking for addresses again at once
        (gRPC asks every 30 seconds at most)."""
        channel = self.stack.enter_context(grpc.insecure_channel(
            target, [*_channel.arguments(trawl.ClientOptions()),
                     ("grpc.dns_min_time_between_resolutions_ms", 100)]))
        return content_pb2_grpc.ContentServiceStub(channel)

    def assert_spreads(self, replicas, client):
        """Once every server is reached, each has its share of the calls, within a tenth."""
        for replica in replicas.all:
            reach(replica, asks(client))
        for _ in range(CALLS):
            client.extract(b"see www.example.com")
        replicas.stop()
        share = CALLS / len(replicas.all)
        counts = [replica.calls["ProcessContent"] for replica in replicas.all]
        self.assertEqual(sum(counts), CALLS)
        for count in counts:
            self.assertAlmostEqual(count, share, delta=share / 10, msg=str(counts))

    def assert_loses_none(self, replicas, call, ask, renew):
        """No call is lost while renew(index) puts another server in the place of each in turn, as
        soon as calls arrive at the one before."""
        with Load(call) as load:
            for index in range(len(replicas.all)):
                load.wait_for_calls(30)
                reach(renew(index), ask)
            load.wait_for_calls(30)
        self.assertEqual(load.failures, [])

    def assert_restarts_lose_none(self, replicas, client):
        def call():
            self.assertEqual(client.extract(CONTENT, COUNTS).total_count, FOUND)

        def restart(index):
            replicas.all[index].restart()
            return replicas.all[index]

        self.assert_loses_none(replicas, call, asks(client), restart)


class BalancingClientTest(ReplicasCase):
    def test_calls_are_spread_over_a_list_of_addresses(self):
        replicas = self.start()
        self.assert_spreads(replicas, self.client(replicas.addresses))

    def test_calls_are_spread_over_the_addresses_of_a_name(self):
        replicas = self.start()
        self.assert_spreads(replicas, self.client(self.name_server(replicas).target()))

    def test_a_rolling_restart_loses_no_call(self):
        replicas = self.start()
        client = self.client(replicas.addresses)
        self.assert_restarts_lose_none(replicas, client)

    def test_servers_that_are_replaced_by_others_elsewhere_lose_no_call(self):
        replicas = self.start()
        stub = self.stub(self.name_server(replicas).target())
        request = content_pb2.ProcessContentRequest(data=CONTENT, options=COUNTS.to_message())

        def call():
            self.assertEqual(stub.ProcessContent(request, timeout=30).total_count, FOUND)

        self.assert_loses_none(replicas, call, asks_by(stub), replicas.replace)

    def test_a_server_that_joins_gets_calls_once_connections_are_old(self):
        replicas = self.start("--connection_age_seconds=1", count=2)
        stub = self.stub(self.name_server(replicas).target())
        for replica in replicas.all:
            reach(replica, asks_by(stub))
        reach(replicas.add(), asks_by(stub))


@unittest.skipIf(HAPROXY is None, ABSENT)
class BalancingProxyTest(ReplicasCase):
    def proxy(self, replicas):
        return self.stack.enter_context(proxy(*replicas.addresses))

    def test_calls_of_one_connection_are_spread_over_the_servers(self):
        replicas = self.start()
        self.assert_spreads(replicas, self.client(self.proxy(replicas)))

    def test_a_rolling_restart_loses_no_call_of_callers_that_never_try_again(self):
        replicas = self.start("--drain_delay_seconds=5")
        client = self.client(self.proxy(replicas), max_attempts=1)
        self.assert_restarts_lose_none(replicas, client)

    def test_a_server_that_drains_gets_no_more_calls(self):
        replicas = self.start("--drain_delay_seconds=60", count=2)
        client = self.client(self.proxy(replicas), max_attempts=1)
        drain_one_unnoticed(replicas, asks(client))
