// A set of gRPC methods, as options and token files name them:
//
//   Ping                           a method of trawl.v1.ContentService
//   grpc.health.v1.Health/Check    one of any service
//   grpc.health.v1.Health/*        all of a service
//
// with commas between. A method of ContentService that does not exist is refused, since what was
// meant would stay open or shut unseen.
//
// Thread-safety: const after Parse.

#ifndef TRAWL_SERVICE_METHOD_SET_H_
#define TRAWL_SERVICE_METHOD_SET_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace trawl::service {

class MethodSet {
 public:
  // Of an empty text: the empty set. INVALID_ARGUMENT with what is wrong with which name.
  static absl::StatusOr<MethodSet> Parse(std::string_view text);

  // `path` is that of the call's header: "/SERVICE/METHOD".
  bool Contains(std::string_view path) const;

 private:
  std::set<std::string, std::less<>> paths_;     // "/SERVICE/METHOD"
  std::set<std::string, std::less<>> services_;  // "/SERVICE/"
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_METHOD_SET_H_
