#include "client/cli/content_generator.h"

#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace trawl::cli {
namespace {

constexpr std::array kWords = {"the",    "harbour", "of",      "net",    "a",      "cast",
                               "silver", "and",     "tide",    "before", "winter", "boats",
                               "came",   "with",    "lantern", "under",  "north",  "quiet",
                               "river",  "morning", "sold",    "for",    "market", "rope"};
constexpr std::array kSuffixes = {"com", "net", "org", "co.uk", "de", "io", "museum"};

// SplitMix64 (https://prng.di.unimi.it/splitmix64.c), the seed fixed.
class Random {
 public:
  uint64_t Below(uint64_t bound) {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return (z ^ (z >> 31)) % bound;
  }

  const char* Word() { return kWords[Below(kWords.size())]; }

  std::string Domain() {
    return absl::StrCat(Word(), "-", Word(), Below(100), ".", kSuffixes[Below(kSuffixes.size())]);
  }

 private:
  uint64_t state_ = 0;
};

void AppendLine(Random& random, std::string& content) {
  switch (random.Below(8)) {
    case 0:
      absl::StrAppendFormat(&content, "10.%d.%d.%d - GET https://www.%s/%s/%s.html?id=%d 200\n",
                            random.Below(256), random.Below(256), random.Below(256),
                            random.Domain(), random.Word(), random.Word(), random.Below(10000));
      return;
    case 1:
      absl::StrAppendFormat(&content, "From: %s.%s@%s (version %d.%d)\n", random.Word(),
                            random.Word(), random.Domain(), random.Below(10), random.Below(100));
      return;
    case 2:
      absl::StrAppend(&content, random.Word(), " ", random.Domain(), ", ", random.Word(), ".txt ",
                      random.Word(), "\n");
      return;
    default:
      for (int i = 0; i < 14; ++i) absl::StrAppend(&content, random.Word(), " ");
      content.back() = '\n';
  }
}

}  // namespace

std::string GenerateContent(size_t bytes) {
  Random random;
  std::string content;
  content.reserve(bytes + 256);
  while (content.size() < bytes) AppendLine(random, content);
  content.resize(bytes);
  return content;
}

}  // namespace trawl::cli
