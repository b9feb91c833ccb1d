#include "compute/lookalikes.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace trawl::compute {
namespace {

// Takes the next word of `line`; empty at its end.
std::string_view TakeWord(std::string_view& line) {
  size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return line = {};
  line.remove_prefix(begin);
  std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

bool IsLabel(std::string_view word) {
  if (word.empty() || word.size() > 63) return false;
  for (char c : word) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '-') return false;
  }
  return true;
}

uint8_t ClassNamed(std::string_view keyword) {
  if (keyword == "file") return Lookalikes::kFile;
  if (keyword == "word") return Lookalikes::kWord;
  if (keyword == "word_gtld") return Lookalikes::kWordGtld;
  return 0;
}

}  // namespace

absl::StatusOr<Lookalikes> Lookalikes::Parse(std::string_view text) {
  Lookalikes lists;
  int number = 0;
  auto error = [&number](std::string_view what) {
    return absl::InvalidArgumentError(absl::StrFormat("line %d: %s", number, what));
  };
  while (!text.empty()) {
    ++number;
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    std::string_view keyword = TakeWord(line);
    if (keyword.empty() || keyword.front() == '#') continue;
    if (keyword == "version") {
      std::string_view version = TakeWord(line);
      if (lists.version_ != 0) return error("a second version");
      if (!absl::SimpleAtoi(absl::string_view(version.data(), version.size()), &lists.version_) ||
          lists.version_ < 1) {
        return error("a version is a number from 1 on");
      }
      if (!TakeWord(line).empty()) return error("more than a version");
      continue;
    }
    uint8_t word_class = ClassNamed(keyword);
    if (word_class == 0) return error("begins with none of version, file, word, word_gtld");
    if (lists.version_ == 0) return error("a list before the version");
    for (std::string_view tld = TakeWord(line); !tld.empty(); tld = TakeWord(line)) {
      if (!IsLabel(tld)) return error("a TLD is not made of a-z, 0-9 and hyphen");
      lists.classes_[std::string(tld)] |= word_class;
    }
  }
  if (lists.version_ == 0) return error("the file ends without a version");
  return lists;
}

uint8_t Lookalikes::Classes(std::string_view tld) const {
  auto entry = classes_.find(absl::string_view(tld.data(), tld.size()));
  return entry == classes_.end() ? 0 : entry->second;
}

}  // namespace trawl::compute
