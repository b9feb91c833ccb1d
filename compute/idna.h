// Labels by UTS #46 (https://www.unicode.org/reports/tr46/), as ICU has it: non-transitional,
// CheckJoiners and CheckBidi on, CheckHyphens off, each label by itself.
//
// Thread-safety: any thread.

#ifndef TRAWL_COMPUTE_IDNA_H_
#define TRAWL_COMPUTE_IDNA_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace trawl::compute {

// A label's longest A-form.
inline constexpr size_t kMaxLabelSize = 63;

// The A-form of a label of UTF-8, lower case; false where it has none: it is empty, not valid,
// longer than 63 octets, or an A-label that does not survive the way to its U-label and back.
// Hyphens and underscores are left to the caller.
bool LabelToAscii(std::string_view label, std::string& ascii);

// The U-form of a valid A-label; what is no A-label comes back as it is.
std::string LabelToUnicode(std::string_view label);

// Of the Unicode data that these run with, e.g. "15.0".
std::string UnicodeVersion();

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_IDNA_H_
