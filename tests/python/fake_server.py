"""A server of the contract that fails when told to."""

import concurrent.futures
import contextlib

import grpc

from trawl.google.rpc import error_details_pb2, status_pb2
from trawl.v1 import content_pb2, content_pb2_grpc


class FakeService(content_pb2_grpc.ContentServiceServicer):
    """Answers with what was asked for in `failures`, one for each call, then with success."""

    def __init__(self):
        self.failures = []
        self.calls = 0
        self.address = None

    def _fail(self, context):
        self.calls += 1
        if self.failures:
            code, message, trailers = self.failures.pop(0)
            context.set_trailing_metadata(trailers)
            context.abort(code, message)

    def GetCapabilities(self, request, context):
        return content_pb2.GetCapabilitiesResponse(max_content_bytes=64 << 20)

    def Ping(self, request, context):
        self._fail(context)
        return content_pb2.PingResponse(payload=request.payload)

    def AddContent(self, request, context):
        self._fail(context)
        return content_pb2.AddContentResponse(status="ok")

    def ProcessContent(self, request, context):
        self._fail(context)
        return content_pb2.ProcessContentResponse(total_count=len(request.data), complete=True)


def overloaded(delay_ms):
    """What trawld answers when it has too much to do."""
    status = status_pb2.Status(code=grpc.StatusCode.RESOURCE_EXHAUSTED.value[0])
    status.details.add().Pack(error_details_pb2.ErrorInfo(
        reason="TOO_MANY_CALLS", domain="trawl.v1", metadata={"value": "9", "limit": "8"}))
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromMilliseconds(delay_ms)
    status.details.add().Pack(retry)
    return (grpc.StatusCode.RESOURCE_EXHAUSTED, "busy",
            (("grpc-retry-pushback-ms", str(delay_ms)),
             ("grpc-status-details-bin", status.SerializeToString())))


@contextlib.contextmanager
def fake_server():
    """A FakeService at an address of its own."""
    service = FakeService()
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        server = grpc.server(threads, options=[("grpc.max_receive_message_length", -1),
                                               ("grpc.so_reuseport", 0)])
        content_pb2_grpc.add_ContentServiceServicer_to_server(service, server)
        service.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        try:
            yield service
        finally:
            server.stop(None).wait()
