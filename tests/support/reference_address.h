// Addresses and digests as the reference sees them: rules of docs/kinds.md on strings.
//
// Thread-safety: one thread at a time.

#ifndef TRAWL_TESTS_SUPPORT_REFERENCE_ADDRESS_H_
#define TRAWL_TESTS_SUPPORT_REFERENCE_ADDRESS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/reference_kinds.h"
#include "tests/support/reference_view.h"

namespace trawl::test {

class ReferenceAddress : public ReferenceView {
 public:
  ReferenceAddress(std::string_view document, const compute::ScanOptions& options)
      : ReferenceView(document, options) {}

  std::vector<KindFinding> Ipv4() const;
  std::vector<KindFinding> Ipv6() const;
  std::vector<KindFinding> Digests() const;

 protected:
  struct Dotted {
    size_t end = 0;
    string value;
    bool defanged = false;
    bool escaped = false;
  };

  bool Alnum(size_t i) const { return IsAsciiAlnum(At(i)); }
  bool Digit(size_t i) const { return At(i) >= '0' && At(i) <= '9'; }
  bool Letter(size_t i) const { return Alnum(i) && !Digit(i); }
  bool HexDigit(size_t i) const { return At(i) >= 0 && std::isxdigit(At(i)) != 0; }

  // Whether a token that begins at `i` begins a word: nothing alphanumeric is left of it, but an
  // escape that reaches exactly to it. At most `reach` bytes of it are looked at.
  bool BeginsWord(size_t i, size_t reach) const;

  std::optional<Dotted> DottedAt(size_t begin) const;
  // A host that is a number or several, as the URL Standard reads them.
  std::optional<Dotted> NumberedAt(size_t begin) const;
  // Whether a host may end at `i`.
  bool HostMayEnd(size_t i) const;
  // Normalised, without brackets.
  static std::optional<string> Ipv6Value(const string& text);

  static uint64_t Bit(compute::Reason reason) { return uint64_t{1} << static_cast<int>(reason); }
  // That of what is left of `begin`, and whether that is a defanged form.
  std::pair<compute::Reason, bool> ContextAt(size_t begin) const;

 private:
  std::optional<KindFinding> Ipv4At(size_t begin) const;
  bool NumbersHeading(size_t begin, const Dotted& dotted) const;
  bool ReadsAsVersion(size_t begin, size_t end, bool after_v, const string& left) const;
};

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_REFERENCE_ADDRESS_H_
