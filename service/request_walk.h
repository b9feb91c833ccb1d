// Finds the content of a request in the slices that the message arrived in, without a copy.
//
// This reads the wire format (https://protobuf.dev/programming-guides/encoding/) as far as the
// field `data` needs; all other fields are left to protobuf's own parser. Whatever is unusual
// (malformed messages, `text`, groups) is not walked: the whole message is then protobuf's, which
// also knows what to say of it.
//
// Thread-safety: functions of their arguments.

#ifndef TRAWL_SERVICE_REQUEST_WALK_H_
#define TRAWL_SERVICE_REQUEST_WALK_H_

#include <grpcpp/support/slice.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trawl::service {

struct WalkedRequest {
  std::vector<std::string_view> data;  // pieces of the slices
  std::string others;                  // the other fields as they came
};

// Of a message with the field `data_field` of bytes. Nothing where it is not walked.
std::optional<WalkedRequest> WalkRequest(const std::vector<grpc::Slice>& slices, int data_field,
                                         int text_field);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_REQUEST_WALK_H_
