// Decides who may call what, where there are tokens: each call needs one that may call its method,
// but for methods that are open to all.
//
// gRPC asks once the headers of a call are there, before it looks for a method or reads a message:
// so it is asked about every method of every service, also those that gRPC itself or nobody serves,
// and who has no token makes the server hold nothing. What is refused never becomes a call of ours;
// gRPC then sends code and message, and has no way to send details with them.
//
// Tokens are taken out of the headers, so that nothing behind this ever sees one.
//
// Thread-safety: all members may be called from any thread.
// Lifetime: outlives the server whose credentials have its processor.

#ifndef TRAWL_SERVICE_ACCESS_H_
#define TRAWL_SERVICE_ACCESS_H_

#include <grpc/grpc_security.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "service/method_set.h"
#include "service/token_list.h"

namespace trawl::service {

class Access {
 public:
  // Told of each call that is refused, by its path ("/SERVICE/METHOD").
  using OnRefused = std::function<void(std::string_view path, const absl::Status& status)>;

  explicit Access(MethodSet open) : open_(std::move(open)) {}

  // Replaces the tokens, from the next call on.
  void Use(TokenList tokens);

  // Before the server is built.
  void SetOnRefused(OnRefused on_refused) { on_refused_ = std::move(on_refused); }

  // `authorizations` are the call's headers of that name. UNAUTHENTICATED or PERMISSION_DENIED.
  absl::Status Check(std::string_view path, const std::vector<std::string_view>& authorizations);

  // For grpc_server_credentials_set_auth_metadata_processor.
  grpc_auth_metadata_processor processor();

 private:
  static void Process(void* access, grpc_auth_context* context, const grpc_metadata* metadata,
                      size_t count, grpc_process_auth_metadata_done_cb done, void* call);

  const MethodSet open_;
  OnRefused on_refused_;
  std::mutex mutex_;
  std::shared_ptr<const TokenList> tokens_ = std::make_shared<TokenList>();
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_ACCESS_H_
