// Requests: parsed from the bytes that came, checked, with the defaults filled in.
//
// Parsing is ours, so that what gRPC would answer with a bare INTERNAL (malformed messages, text
// that is no UTF-8) gets a precise INVALID_ARGUMENT.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_REQUEST_H_
#define TRAWL_SERVICE_REQUEST_H_

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "compute/engine.h"
#include "compute/offset_map.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

// What a fetch of a URL may take, at most; also where the request leaves it open.
struct UrlLimits {
  std::chrono::milliseconds max_timeout{30'000};
  uint64_t max_body_bytes = 32 << 20;
  uint32_t max_redirects = 10;
  uint64_t max_included_body_bytes = 1 << 20;
  uint32_t max_url_bytes = 8 << 10;
  uint32_t max_header_bytes = 64 << 10;
  uint32_t max_fetches = 256;
  uint32_t max_fetches_per_host = 32;
  std::string user_agent;
  std::vector<uint16_t> ports;
};

// What a request may ask for, at most. GetCapabilities publishes them.
struct RequestLimits {
  uint64_t max_content_bytes = 32 << 20;
  uint32_t max_batch_documents = 10'000;
  uint32_t max_findings = 1'000'000;
  uint32_t max_chunk_count = 4096;
  uint32_t max_kinds = 16;
  uint32_t max_ping_payload_bytes = 1024;
  // Without a part or an answer that is taken for so long, a stream is ended.
  std::chrono::seconds stream_idle{300};
  // Requests of at most so many bytes are worked on where they arrive, on the poller.
  uint64_t inline_bytes = 0;
  // Not set: no URL is fetched.
  std::optional<UrlLimits> url;
};

// ProcessOptions, checked and with the defaults filled in.
struct ContentOptions {
  compute::ProcessOptions process;
  v1::ResultForm result_form = v1::RESULT_FORM_FINDINGS;
  uint32_t max_findings = 0;
  v1::OffsetUnit offset_unit = v1::OFFSET_UNIT_BYTES;
  v1::Encoding encoding = v1::ENCODING_UTF8;
  bool unicode_values = false;
};

// A document as it is scanned.
struct Document {
  compute::Document content;  // UTF-8: as sent, or `decoded`
  std::string_view text;      // the content in one piece, where the options need it so
  uint64_t bytes_sent = 0;    // of it
  bool utf16 = false;         // as sent
  std::string decoded = {};   // what `content` points at, if not at the request
};

// A parsed request of ProcessContent; `document` points into `slices` or `message`.
struct ContentRequest {
  std::vector<grpc::Slice> slices;
  v1::ProcessContentRequest message;
  Document document;
  ContentOptions options;
};

// A parsed request of ProcessContentBatch; `documents` point into `wire` or `messages`. A document
// whose error is not OK is empty.
struct BatchRequest {
  google::protobuf::Empty wire;  // all of it is unknown fields
  std::deque<v1::BatchDocument> messages;
  std::vector<Document> documents;
  std::vector<absl::Status> errors;
  ContentOptions options;
};

// A parsed request of Explain; `document` points into `message`.
struct ExplanationRequest {
  v1::ExplainRequest message;
  Document document;
  ContentOptions options;
  uint64_t offset = 0;  // in the document's text
};

// What the caller's offsets count of the document's text.
compute::OffsetUnit UnitOf(const Document& document, const ContentOptions& options);

// Checks `options`, fills the defaults in. INVALID_ARGUMENT with details.
absl::Status Check(const v1::ProcessOptions& options, const RequestLimits& limits,
                   ContentOptions& checked);

// Parses `bytes`, which is empty after. Told how many bytes there are, protobuf makes no room for a
// length that is not followed by as many; else a request of ten bytes costs 50 MB.
bool ParseBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

// Parse `bytes`, which is empty after, into the last argument. INVALID_ARGUMENT with details.
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, ContentRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, BatchRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits,
                   ExplanationRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, v1::PingRequest& request);
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits,
                   v1::GetCapabilitiesRequest& request);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_REQUEST_H_
