#include "compute/ruleset.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "compute/built_in_data.h"
#include "compute/idna.h"

namespace trawl::compute {
namespace {

// Counts up when the same data give other findings.
constexpr int kRulesVersion = 2;

constexpr char kSystemPublicSuffixList[] = "/usr/share/publicsuffix/public_suffix_list.dat";

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (!file || !text) {
    return absl::NotFoundError(absl::StrFormat("cannot read %s: %s", path, std::strerror(errno)));
  }
  return text.str();
}

// FNV-1a.
uint32_t Hash(std::string_view text) {
  uint32_t hash = 2166136261;
  for (char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return hash;
}

absl::Status InFile(const std::string& path, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrFormat("cannot parse %s: %s", path, std::string(status.message())));
}

}  // namespace

absl::StatusOr<Ruleset> Ruleset::Load(const RulesetPaths& paths) {
  Ruleset ruleset;

  std::string suffix_text(kBuiltInPublicSuffixList);
  ruleset.public_suffix_source = "built-in";
  const bool named = !paths.public_suffix_list.empty();
  const std::string path = named ? paths.public_suffix_list : kSystemPublicSuffixList;
  if (absl::StatusOr<std::string> text = ReadFile(path); text.ok()) {
    suffix_text = *std::move(text);
    ruleset.public_suffix_source = path;
  } else if (named) {
    return text.status();
  }
  absl::StatusOr<PublicSuffixList> suffixes = PublicSuffixList::Parse(suffix_text);
  if (!suffixes.ok()) return InFile(ruleset.public_suffix_source, suffixes.status());
  ruleset.public_suffixes = *std::move(suffixes);
  ruleset.public_suffix_date = ruleset.public_suffixes.date();

  std::string lookalike_text(kBuiltInLookalikes);
  std::string lookalike_source = "built-in";
  if (!paths.lookalikes.empty()) {
    absl::StatusOr<std::string> text = ReadFile(paths.lookalikes);
    if (!text.ok()) return text.status();
    lookalike_text = *std::move(text);
    lookalike_source = paths.lookalikes;
  }
  absl::StatusOr<Lookalikes> lookalikes = Lookalikes::Parse(lookalike_text);
  if (!lookalikes.ok()) return InFile(lookalike_source, lookalikes.status());
  ruleset.lookalikes = *std::move(lookalikes);

  ruleset.unicode_version = UnicodeVersion();
  ruleset.version =
      absl::StrFormat("%d+psl.%08x+look.%d.%08x+unicode.%s", kRulesVersion, Hash(suffix_text),
                      ruleset.lookalikes.version(), Hash(lookalike_text), ruleset.unicode_version);
  return ruleset;
}

}  // namespace trawl::compute
