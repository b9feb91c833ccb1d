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
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    text_ = std::move(other.text_);
    text_size_ = std::exchange(other.text_size_, 0);
    text_capacity_ = std::exchange(other.text_capacity_, 0);
    return *this;
  }

  // `value` is copied; `finding`'s value_begin and value_size are set here. The values of one list
  // may take up to 4 GiB: lists are per chunk, and a chunk is far smaller.
  void Add(Finding finding, std::string_view value) {
    Cursor cursor = Open(1, value.size());
    if (!value.empty()) std::memcpy(cursor.text, value.data(), value.size());
    finding.value_begin = PlaceOf(cursor.text);
    finding.value_size = static_cast<uint16_t>(value.size());
    *cursor.next++ = finding;
    cursor.text += value.size();
    Close(cursor);
  }

  // Many findings are added without Add: Open makes room for `count` of them and for their values,
  // which with what is written beyond them take at most `text_size` bytes. Each finding is written
  // to next++, its value to text, which then moves on by the value's size. Nothing else is done
  // with the list before Close.
  struct Cursor {
    Finding* next;
    char* text;
  };
  Cursor Open(size_t count, size_t text_size) {
    if (capacity_ - size_ < count) GrowFindings(count);
    if (text_capacity_ - text_size_ < text_size) GrowText(text_size);
    return {findings_.get() + size_, text_.get() + text_size_};
  }
  void Close(Cursor cursor) {
    size_ = static_cast<size_t>(cursor.next - findings_.get());
    text_size_ = static_cast<size_t>(cursor.text - text_.get());
  }
  // What value_begin is of a value at `text`.
  uint32_t PlaceOf(const char* text) const { return static_cast<uint32_t>(text - text_.get()); }
  const char* TextAt(uint32_t value_begin) const { return text_.get() + value_begin; }

  // Adds `by` to the places of the findings from `first` on.
  void Shift(size_t first, uint64_t by) {
    for (size_t i = first; i < size_; ++i) {
      findings_[i].begin += by;
      findings_[i].end += by;
    }
  }

  // Keeps the memory.
  void Clear() {
    size_ = 0;
    text_size_ = 0;
  }

  // Bytes that it takes up.
  size_t memory() const { return capacity_ * sizeof(Finding) + text_capacity_; }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Finding& operator[](size_t i) const { return findings_[i]; }
  const Finding* begin() const { return findings_.get(); }
  const Finding* end() const { return findings_.get() + size_; }

  // Bytes that may be read beyond the end of a value that is not empty, whatever they are.
  static constexpr size_t kReadableBeyond = 32;

  // The normalised value; valid while the list is neither changed nor destroyed.
  std::string_view value(const Finding& finding) const {
    return {text_.get() + finding.value_begin, finding.value_size};
  }
  std::string_view registrable_domain(const Finding& finding) const {
    return RegistrablePart(finding, value(finding));
  }

 private:
  void GrowFindings(size_t count);
  void GrowText(size_t size);

  std::unique_ptr<Finding[]> findings_;
  size_t size_ = 0;
  size_t capacity_ = 0;
  std::unique_ptr<char[]> text_;
  size_t text_size_ = 0;
  size_t text_capacity_ = 0;
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_FINDING_H_
