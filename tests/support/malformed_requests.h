// Requests as someone sends them who means harm or has a bug, and what each has to be answered
// with: by protobuf's own parser and the rules of the contract, written down once more and plainly.
//
// Thread-safety: one thread.

#ifndef TRAWL_TESTS_SUPPORT_MALFORMED_REQUESTS_H_
#define TRAWL_TESTS_SUPPORT_MALFORMED_REQUESTS_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace trawl::testing {

struct MalformedRequest {
  std::string method;  // of ContentService
  // One, but for a stream.
  std::vector<std::string> messages;
  // ErrorInfo.reason of the INVALID_ARGUMENT that it is answered with: one of these, since a
  // request may have several mistakes. "" stands for OK.
  std::set<std::string> reasons;
};

class MalformedRequests {
 public:
  // The same requests for the same seed.
  explicit MalformedRequests(uint64_t seed) : random_(seed) {}

  MalformedRequest Next();

 private:
  uint64_t Below(uint64_t limit) { return random_() % limit; }
  std::string RandomBytes(size_t most);
  std::unique_ptr<google::protobuf::Message> Valid(const std::string& method);
  std::string Damaged(const std::string& method);
  std::vector<std::string> StreamMessages();
  void FillOptions(google::protobuf::Message& options, bool hostile);
  std::string UnknownField();
  std::string NestedGroups();

  std::mt19937_64 random_;
};

}  // namespace trawl::testing

#endif  // TRAWL_TESTS_SUPPORT_MALFORMED_REQUESTS_H_
