#include <hs/hs.h>

#include "tests/bench/regex_peer.h"

namespace trawl::bench {
namespace {

class VectorscanPeer final : public RegexPeer {
 public:
  explicit VectorscanPeer(unsigned flags) {
    hs_compile_error_t* error = nullptr;
    if (hs_compile(kDomainRegex, HS_FLAG_CASELESS | flags, HS_MODE_BLOCK, nullptr, &database_,
                   &error) != HS_SUCCESS) {
      error_ = error->message;
      hs_free_compile_error(error);
      return;
    }
    hs_alloc_scratch(database_, &scratch_);
  }
  ~VectorscanPeer() override {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }

  absl::StatusOr<uint64_t> CountMatches(std::string_view text) override {
    if (scratch_ == nullptr) return absl::InternalError(error_);
    uint64_t count = 0;
    const auto add = [](unsigned, unsigned long long, unsigned long long, unsigned, void* counter) {
      ++*static_cast<uint64_t*>(counter);
      return 0;
    };
    if (hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_, add,
                &count) != HS_SUCCESS) {
      return absl::InternalError("hs_scan failed");
    }
    return count;
  }

 private:
  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
  std::string error_ = "no scratch space";
};

const bool kEndsRegistered = Register("vectorscan", std::make_unique<VectorscanPeer>(0));
const bool kStartsRegistered =
    Register("vectorscan-starts", std::make_unique<VectorscanPeer>(HS_FLAG_SOM_LEFTMOST));

}  // namespace
}  // namespace trawl::bench
