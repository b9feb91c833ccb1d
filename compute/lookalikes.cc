#include "compute/lookalikes.h"

#include <algorithm>
#include <cstddef>
#include <string>

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
  if (keyword == "path_file") return Lookalikes::kPathFile;
  if (keyword == "word") return Lookalikes::kWord;
  if (keyword == "word_gtld") return Lookalikes::kWordGtld;
  return 0;
}

// Of one or two labels.
bool IsNewsgroupStart(std::string_view word) {
  const size_t dot = word.find('.');
  if (dot == std::string_view::npos) return IsLabel(word);
  return IsLabel(word.substr(0, dot)) && IsLabel(word.substr(dot + 1));
}

bool IsProductName(std::string_view word) {
  const size_t dot = word.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  std::string_view tld = word.substr(dot + 1);
  return !tld.empty() && absl::ascii_isupper(tld.front()) &&
         std::all_of(tld.begin(), tld.end(), absl::ascii_isalpha);
}

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

absl::Status Lookalikes::Add(std::string_view keyword, std::string_view entry) {
  if (keyword == "newsgroup") {
    if (!IsNewsgroupStart(entry)) {
      return absl::InvalidArgumentError("a newsgroup begins with one or two labels of a-z, 0-9, -");
    }
    newsgroups_.emplace(entry);
  } else if (keyword == "product") {
    if (!IsProductName(entry)) {
      return absl::InvalidArgumentError(
          "a product's last label is not of letters, the first a capital");
    }
    products_.emplace(entry);
  } else {
    if (!IsLabel(entry)) {
      return absl::InvalidArgumentError("a TLD is not made of a-z, 0-9 and hyphen");
    }
    classes_[std::string(entry)] |= ClassNamed(keyword);
  }
  return absl::OkStatus();
}

absl::StatusOr<Lookalikes> Lookalikes::Parse(std::string_view text) {
  Lookalikes lists;
  int number = 0;
  auto error = [&number](absl::string_view what) {
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
      if (!absl::SimpleAtoi(ToAbsl(version), &lists.version_) || lists.version_ < 1) {
        return error("a version is a number from 1 on");
      }
      if (!TakeWord(line).empty()) return error("more than a version");
      continue;
    }
    if (ClassNamed(keyword) == 0 && keyword != "newsgroup" && keyword != "product") {
      return error(
          "begins with none of version, file, path_file, word, word_gtld, newsgroup, product");
    }
    if (lists.version_ == 0) return error("a list before the version");
    for (std::string_view entry = TakeWord(line); !entry.empty(); entry = TakeWord(line)) {
      absl::Status added = lists.Add(keyword, entry);
      if (!added.ok()) return error(added.message());
    }
  }
  if (lists.version_ == 0) return error("the file ends without a version");
  return lists;
}

uint8_t Lookalikes::Classes(std::string_view tld) const {
  auto entry = classes_.find(ToAbsl(tld));
  return entry == classes_.end() ? 0 : entry->second;
}

bool Lookalikes::IsNewsgroup(std::string_view name) const {
  const size_t first = name.find('.');
  if (newsgroups_.contains(ToAbsl(name.substr(0, first)))) return true;
  return newsgroups_.contains(ToAbsl(name.substr(0, name.find('.', first + 1))));
}

bool Lookalikes::IsProduct(std::string_view written) const {
  return products_.contains(ToAbsl(written));
}

}  // namespace trawl::compute
