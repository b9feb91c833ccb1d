// Labels by UTS #46 (https://www.unicode.org/reports/tr46/), as ICU has it: non-transitional,
// CheckJoiners and CheckBidi on, CheckHyphens off, each label by itself.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_IDNA_H_
#define TRAWL_COMPUTE_IDNA_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace trawl::compute {

// A label's longest A-form.
inline constexpr size_t kMaxLabelSize = 63;

// The A-form of a label of UTF-8, lower case; false where it has none: it is empty, not valid,
// longer than 63 octets, begins or ends with a hyphen, or is an A-label that does not survive the
// way to its U-label and back. Underscores are valid here.
bool LabelToAscii(std::string_view label, std::string& ascii);

// The A-label of a label that is valid and in U-form, but not in ASCII: a view of `buffer`, empty
// where it would be longer than 63 octets.
using ALabelBuffer = std::array<char, kMaxLabelSize>;
std::string_view ALabelOf(std::u32string_view label, ALabelBuffer& buffer);

// The U-form of a valid A-label; what is no A-label comes back as it is.
std::string LabelToUnicode(std::string_view label);

// Whether the joiner (U+200C or U+200D) at `index` of `label` stands where RFC 5892, appendix A,
// allows it.
bool IsJoinerValid(std::u32string_view label, size_t index);

// Whether a label in U-form mixes scripts: it is neither of a single script nor highly restrictive,
// as UTS #39, 5.1 and 5.2, has it.
bool MixesScripts(std::u32string_view label);
bool MixesScripts(std::string_view label);  // in UTF-8

// Of the Unicode data that these run with, e.g. "15.0".
std::string UnicodeVersion();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_IDNA_H_
