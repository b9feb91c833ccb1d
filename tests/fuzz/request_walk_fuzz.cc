// Any bytes as a request, cut into slices: what is walked is what protobuf parses. The first byte
// chooses how long the slices are.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "service/request.h"
#include "service/request_walk.h"
#include "trawl/v1/content.pb.h"

namespace {

using trawl::v1::ProcessContentRequest;

void Expect(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "not so: " << what << "\n";
  std::abort();
}

std::string Joined(const trawl::compute::Document& document) {
  trawl::compute::Scratch scratch;
  std::string joined;
  while (joined.size() < document.size()) {
    const auto window = document.WindowAt(joined.size(), document.size(), 0, 0, scratch);
    joined += window.text.substr(joined.size() - window.begin, window.end - joined.size());
  }
  return joined;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const size_t slice_bytes = 1 + data[0];
  std::vector<grpc::Slice> slices;
  for (size_t begin = 1; begin < size; begin += slice_bytes) {
    slices.emplace_back(data + begin, std::min(slice_bytes, size - begin));
  }
  ProcessContentRequest whole;
  const bool parses = whole.ParseFromArray(data + 1, static_cast<int>(size - 1));

  const auto walked = trawl::service::WalkRequest(slices, ProcessContentRequest::kDataFieldNumber,
                                                  ProcessContentRequest::kTextFieldNumber);
  ProcessContentRequest others;
  if (walked.has_value() && others.ParseFromString(walked->others)) {
    Expect(parses, "protobuf parses what was walked");
    Expect(Joined(trawl::compute::Document(walked->data)) == whole.data(), "the same content");
    Expect(others.options().SerializeAsString() == whole.options().SerializeAsString(),
           "the same options");
  }

  grpc::ByteBuffer bytes(slices.data(), slices.size());
  trawl::service::ContentRequest request;
  const absl::Status status = trawl::service::Parse(bytes, {}, request);
  if (status.ok()) {
    Expect(parses, "protobuf parses what is accepted");
    const std::string& content = whole.has_text() ? whole.text() : whole.data();
    Expect(request.document.utf16 || Joined(request.document.content) == content,
           "the content of an accepted request");
  } else {
    Expect(!status.message().empty(), "a refusal says why");
  }
  return 0;
}
