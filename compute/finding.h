// What the engine finds: one Finding per occurrence, held in FindingLists, one list per chunk.
//
// A FindingList keeps the values of its findings in one string, so that adding a finding allocates
// nothing once the list has grown.
//
// Thread-safety: plain data; const access from any thread.

#ifndef TRAWL_COMPUTE_FINDING_H_
#define TRAWL_COMPUTE_FINDING_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace trawl::compute {

// Numbers equal those of trawl.v1.Kind.
enum class Kind : uint8_t {
  kDomain = 1,
  kUrl = 2,
  kEmail = 3,
  kIpv4 = 4,
  kIpv6 = 5,
  kMd5 = 6,
  kSha1 = 7,
  kSha256 = 8,
  kSha512 = 9,
};
inline constexpr uint8_t kMaxKind = 9;

// Numbers equal those of trawl.v1.Confidence.
enum class Confidence : uint8_t { kLow = 1, kMedium = 2, kHigh = 3 };
inline constexpr uint8_t kMaxConfidence = 3;

// Numbers and meanings equal those of trawl.v1.Reason.
enum class Reason : uint8_t {
  kAnchored = 1,
  kSchemeRelative = 2,
  kPath = 3,
  kBare = 4,
  kEvidence = 5,
  kAtWithoutLocalPart = 6,
  kFileTld = 7,
  kWordTld = 8,
  kTitleCaseTld = 9,
  kCode = 10,
  kNumericLabel = 11,
  kReverseDns = 12,
  kDottedWords = 13,
  kLeftCut = 14,
  kRightCut = 15,
  kHyphenCut = 16,
  kUnderscoreCut = 17,
  kScriptCut = 18,
  kUnderscoreTrimmed = 19,
  kNextToInvalid = 20,
  kTrailingDot = 21,
  kWildcard = 22,
  kDefanged = 23,
  kEscapedDot = 24,
  kUnicodeDot = 25,
  kHidden = 26,
  kMixedScript = 27,
  kSpecialUse = 28,
  kPublicSuffix = 29,
  kUnknownTld = 30,
  kShortLabel = 31,
  kObfuscated = 32,
  kVersionLike = 33,
  kTruncated = 34,
  kRepetitive = 35,
  kMessageId = 36,
};
inline constexpr uint8_t kMaxReason = 36;

// A set of reasons: bit r stands for Reason r.
class Reasons {
 public:
  constexpr Reasons() = default;
  constexpr Reasons(std::initializer_list<Reason> reasons) {
    for (Reason reason : reasons) Add(reason);
  }
  constexpr void Add(Reason reason) { bits_ |= uint64_t{1} << static_cast<uint8_t>(reason); }
  constexpr void Remove(Reason reason) { bits_ &= ~(uint64_t{1} << static_cast<uint8_t>(reason)); }
  constexpr void AddIf(bool condition, Reason reason) {
    bits_ |= uint64_t{condition} << static_cast<uint8_t>(reason);
  }
  constexpr bool Has(Reason reason) const {
    return (bits_ >> static_cast<uint8_t>(reason) & 1) != 0;
  }
  constexpr uint64_t bits() const { return bits_; }
  friend constexpr bool operator==(Reasons, Reasons) = default;

 private:
  uint64_t bits_ = 0;
};

// One occurrence. Its value is in the FindingList that holds it.
struct Finding {
  uint64_t begin = 0;  // bytes of the document, half-open [begin, end)
  uint64_t end = 0;
  Reasons reasons;
  uint32_t value_begin = 0;       // in the list's text
  uint16_t value_size = 0;        // bytes
  uint16_t registrable_size = 0;  // bytes of the registrable domain, a part of the value
  uint16_t registrable_tail = 0;  // bytes of the value that follow it
  Kind kind = Kind::kDomain;
  Confidence confidence = Confidence::kHigh;
};

// The part of a finding's value that one registers, or empty.
inline std::string_view RegistrablePart(const Finding& finding, std::string_view value) {
  return value.substr(value.size() - finding.registrable_tail - finding.registrable_size,
                      finding.registrable_size);
}

// Findings in order of `begin`.
class FindingList {
 public:
  FindingList() = default;
  FindingList(FindingList&& other) noexcept { *this = std::move(other); }
  FindingList& operator=(FindingList&& other) noexcept {
    findings_ = std::move(other.findings_);
    text_ = std::move(other.text_);
    text_size_ = std::exchange(other.text_size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    other.findings_.clear();
    return *this;
  }

  // `value` is copied; `finding`'s value_begin and value_size are set here. The values of one list
  // may take up to 4 GiB: lists are per chunk, and a chunk is far smaller.
  void Add(Finding finding, std::string_view value);

  // Room for values of at most `size` bytes in all. Each is written to Room(0), and then added by
  // AddWithText.
  char* Room(size_t size) {
    if (capacity_ - text_size_ < size) Grow(size);
    return text_.get() + text_size_;
  }

  // Adds a finding whose value is the first `size` bytes of Room(0).
  void AddWithText(Finding finding, size_t size) {
    finding.value_begin = static_cast<uint32_t>(text_size_);
    finding.value_size = static_cast<uint16_t>(size);
    text_size_ += size;
    findings_.push_back(finding);
  }

  // Adds `by` to the places of the findings from `first` on.
  void Shift(size_t first, uint64_t by) {
    for (size_t i = first; i < findings_.size(); ++i) {
      findings_[i].begin += by;
      findings_[i].end += by;
    }
  }

  // Keeps the memory.
  void Clear() {
    findings_.clear();
    text_size_ = 0;
  }

  // Bytes that it takes up.
  size_t memory() const { return findings_.capacity() * sizeof(Finding) + capacity_; }

  size_t size() const { return findings_.size(); }
  bool empty() const { return findings_.empty(); }
  const Finding& operator[](size_t i) const { return findings_[i]; }
  std::vector<Finding>::const_iterator begin() const { return findings_.begin(); }
  std::vector<Finding>::const_iterator end() const { return findings_.end(); }

  // The normalised value; valid while the list is neither changed nor destroyed.
  std::string_view value(const Finding& finding) const {
    return {text_.get() + finding.value_begin, finding.value_size};
  }
  std::string_view registrable_domain(const Finding& finding) const {
    return RegistrablePart(finding, value(finding));
  }

 private:
  void Grow(size_t size);

  std::vector<Finding> findings_;
  std::unique_ptr<char[]> text_;
  size_t text_size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_FINDING_H_
