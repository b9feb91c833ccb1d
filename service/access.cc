#include "service/access.h"

#include <grpc/slice.h>

#include <new>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace trawl::service {
namespace {

std::string_view View(const grpc_slice& slice) {
  return {reinterpret_cast<const char*>(GRPC_SLICE_START_PTR(slice)), GRPC_SLICE_LENGTH(slice)};
}

// The token of "Bearer TOKEN"; empty where it is something else.
std::string_view BearerToken(std::string_view authorization) {
  constexpr absl::string_view kScheme = "bearer ";
  absl::string_view text(authorization.data(), authorization.size());
  if (!absl::StartsWithIgnoreCase(text, kScheme)) return {};
  text = absl::StripAsciiWhitespace(text.substr(kScheme.size()));
  return {text.data(), text.size()};
}

}  // namespace

void Access::Use(TokenList tokens) {
  auto shared = std::make_shared<const TokenList>(std::move(tokens));
  std::lock_guard lock(mutex_);
  tokens_ = std::move(shared);
}

absl::Status Access::Check(std::string_view path,
                           const std::vector<std::string_view>& authorizations) {
  if (open_.Contains(path)) return absl::OkStatus();
  if (authorizations.empty()) {
    return absl::UnauthenticatedError(
        "the call has no token: it needs the header \"authorization: Bearer TOKEN\"");
  }
  const std::string_view token = BearerToken(authorizations.front());
  if (authorizations.size() > 1 || token.empty()) {
    return absl::UnauthenticatedError(
        "the header \"authorization\" has to be there once, as \"Bearer TOKEN\"");
  }
  std::shared_ptr<const TokenList> tokens;
  {
    std::lock_guard lock(mutex_);
    tokens = tokens_;
  }
  const TokenList::Holder* const holder = tokens->Find(token);
  if (holder == nullptr) return absl::UnauthenticatedError("the token is not known here");
  if (holder->MayCall(path)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("the token (", holder->name, ") may not call this method"));
}

grpc_auth_metadata_processor Access::processor() {
  return {.process = &Access::Process, .destroy = [](void*) {}, .state = this};
}

void Access::Process(void* object, grpc_auth_context*, const grpc_metadata* metadata, size_t count,
                     grpc_process_auth_metadata_done_cb done, void* call) {
  Access& access = *static_cast<Access*>(object);
  const grpc_metadata* consumed = nullptr;
  absl::Status status;
  try {
    std::string_view path;
    std::vector<std::string_view> authorizations;
    for (const grpc_metadata* header = metadata; header != metadata + count; ++header) {
      const std::string_view key = View(header->key);
      if (key == ":path") path = View(header->value);
      if (key == "authorization") {
        authorizations.push_back(View(header->value));
        consumed = header;
      }
    }
    status = access.Check(path, authorizations);
    if (!status.ok() && access.on_refused_) access.on_refused_(path, status);
  } catch (const std::bad_alloc&) {
    status = absl::ResourceExhaustedError("out of memory for this call");
  }
  done(call, consumed, consumed != nullptr ? 1 : 0, nullptr, 0,
       static_cast<grpc_status_code>(status.code()), std::string(status.message()).c_str());
}

}  // namespace trawl::service
