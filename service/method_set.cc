#include "service/method_set.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {
namespace {

absl::Status Refuse(absl::string_view name, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("\"", name, "\" ", why));
}

const google::protobuf::ServiceDescriptor& ContentService() {
  return *v1::ProcessContentRequest::descriptor()->file()->FindServiceByName("ContentService");
}

}  // namespace

absl::StatusOr<MethodSet> MethodSet::Parse(std::string_view text) {
  MethodSet set;
  const absl::string_view names(text.data(), text.size());
  if (names.empty()) return set;
  const auto& content_service = ContentService();
  for (absl::string_view name : absl::StrSplit(names, ',')) {
    std::vector<std::string> parts = absl::StrSplit(name, '/');
    if (parts.size() == 1 && name != "*") parts.insert(parts.begin(), content_service.full_name());
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return Refuse(name, "is no METHOD, SERVICE/METHOD or SERVICE/*");
    }
    if (parts[1] == "*") {
      set.services_.insert(absl::StrCat("/", parts[0], "/"));
      continue;
    }
    if (parts[0] == content_service.full_name() &&
        content_service.FindMethodByName(parts[1]) == nullptr) {
      return Refuse(name, absl::StrCat("is no method of ", content_service.full_name()));
    }
    set.paths_.insert(absl::StrCat("/", parts[0], "/", parts[1]));
  }
  return set;
}

bool MethodSet::Contains(std::string_view path) const {
  if (paths_.contains(path)) return true;
  const size_t slash = path.rfind('/');
  return slash != std::string_view::npos && services_.contains(path.substr(0, slash + 1));
}

}  // namespace trawl::service
