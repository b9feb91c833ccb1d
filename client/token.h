// How a call shows its bearer token. gRPC's own credentials of calls work with TLS only.
#ifndef TRAWL_CLIENT_TOKEN_H_
#define TRAWL_CLIENT_TOKEN_H_

#include <grpcpp/client_context.h>

#include <string>

namespace trawl::client {

// Before the call is begun. Nothing where `token` is empty.
inline void AddToken(const std::string& token, grpc::ClientContext& context) {
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
}

}  // namespace trawl::client

#endif  // TRAWL_CLIENT_TOKEN_H_
