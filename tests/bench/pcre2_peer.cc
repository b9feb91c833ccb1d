#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "absl/strings/str_cat.h"
#include "tests/bench/regex_peer.h"

namespace trawl::bench {
namespace {

constexpr size_t kJitStackBytes = 8 << 20;

class Pcre2Peer final : public RegexPeer {
 public:
  Pcre2Peer()
      : code_(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(kDomainRegex), PCRE2_ZERO_TERMINATED,
                            PCRE2_CASELESS, &error_, &error_offset_, nullptr)) {
    if (code_ == nullptr) return;
    error_ = pcre2_jit_compile(code_, PCRE2_JIT_COMPLETE);
    match_ = pcre2_match_data_create(1, nullptr);
    context_ = pcre2_match_context_create(nullptr);
    stack_ = pcre2_jit_stack_create(32 << 10, kJitStackBytes, nullptr);
    pcre2_jit_stack_assign(context_, nullptr, stack_);
  }
  ~Pcre2Peer() override {
    pcre2_jit_stack_free(stack_);
    pcre2_match_context_free(context_);
    pcre2_match_data_free(match_);
    pcre2_code_free(code_);
  }

  absl::StatusOr<uint64_t> CountMatches(std::string_view text) override {
    if (code_ == nullptr || error_ < 0) {
      return absl::InternalError(absl::StrCat("PCRE2 does not compile the regex: ", error_));
    }
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const PCRE2_SIZE* span = pcre2_get_ovector_pointer(match_);
    uint64_t count = 0;
    size_t at = 0;
    int result = 0;
    while ((result = pcre2_jit_match(code_, subject, text.size(), at, 0, match_, context_)) >= 0) {
      ++count;
      at = span[1];
    }
    if (result != PCRE2_ERROR_NOMATCH) {
      return absl::ResourceExhaustedError(absl::StrCat("PCRE2 gives up: ", result));
    }
    return count;
  }

 private:
  int error_ = 0;
  PCRE2_SIZE error_offset_ = 0;
  pcre2_code* const code_;
  pcre2_match_data* match_ = nullptr;
  pcre2_match_context* context_ = nullptr;
  pcre2_jit_stack* stack_ = nullptr;
};

const bool kRegistered = Register("pcre2", std::make_unique<Pcre2Peer>());

}  // namespace
}  // namespace trawl::bench
