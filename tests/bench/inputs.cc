#include "tests/bench/inputs.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace trawl::bench {
namespace {

constexpr size_t kDistinctBytes = 16 << 20;

constexpr std::array kWords = {
    "the",     "of",        "and",     "a",        "to",      "in",     "was",       "that",
    "his",     "with",      "as",      "for",      "had",     "at",     "by",        "on",
    "not",     "from",      "which",   "but",      "harbour", "net",    "cast",      "silver",
    "tide",    "before",    "winter",  "boats",    "came",    "light",  "lantern",   "under",
    "north",   "quiet",     "river",   "morning",  "sold",    "market", "rope",      "between",
    "village", "gentleman", "thought", "moreover", "evening", "answer", "character", "remember",
    "nothing", "themselves"};
constexpr std::array kCyrillicWords = {"и",       "в",     "не",    "на",     "что",     "утром",
                                       "рыбак",   "сеть",  "лодка", "берег",  "тихо",    "вернулся",
                                       "деревня", "ветер", "зима",  "фонарь", "который", "серебро"};
constexpr std::array kNames = {"index",  "value",  "buffer", "result", "size",   "begin", "request",
                               "client", "offset", "config", "state",  "stream", "node",  "handler",
                               "cache",  "limit",  "entry",  "self",   "length", "table"};
constexpr std::array kSuffixes = {"com", "com", "com", "net", "org",   "co.uk",
                                  "de",  "io",  "ru",  "fr",  "co.jp", "info"};
constexpr std::array kLabels = {"harbour", "silver", "north", "lantern", "tide", "winter",
                                "market",  "river",  "quiet", "rope",    "cast", "boats"};

// SplitMix64 (https://prng.di.unimi.it/splitmix64.c), the seed fixed.
class Random {
 public:
  uint64_t Below(uint64_t bound) {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return (z ^ (z >> 31)) % bound;
  }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

  template <size_t kSize>
  std::string Of(const std::array<const char*, kSize>& choices) {
    return choices[Below(kSize)];
  }

  std::string Letters(size_t count) {
    std::string letters(count, ' ');
    for (char& letter : letters) letter = static_cast<char>('a' + Below(26));
    return letters;
  }

 private:
  uint64_t state_ = 0;
};

std::string Domain(Random& random) {
  std::string domain = random.OneIn(2) ? "www." : "";
  domain += random.Of(kLabels);
  domain += "-";
  domain += random.Of(kLabels);
  absl::StrAppend(&domain, random.Below(1000));
  domain += ".";
  domain += random.Of(kSuffixes);
  return domain;
}

std::string Capitalised(std::string word) {
  if (word[0] >= 'a' && word[0] <= 'z') word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

// Appends `line`, in which <word>, <name>, <Name>, <label>, <domain> and <NUMBER> (a number below
// it) stand for what is drawn; any other < is one.
void Fill(std::string_view line, Random& random, std::string& text) {
  for (size_t at = 0; at < line.size(); ++at) {
    const size_t end = line[at] == '<' ? line.find('>', at) : std::string_view::npos;
    const std::string_view key =
        end == std::string_view::npos ? std::string_view() : line.substr(at + 1, end - at - 1);
    uint32_t bound = 0;
    if (key == "word") {
      text += random.Of(kWords);
    } else if (key == "name") {
      text += random.Of(kNames);
    } else if (key == "Name") {
      text += Capitalised(random.Of(kNames));
    } else if (key == "label") {
      text += random.Of(kLabels);
    } else if (key == "domain") {
      text += Domain(random);
    } else if (absl::SimpleAtoi(absl::string_view(key.data(), key.size()), &bound)) {
      absl::StrAppend(&text, random.Below(bound));
    } else {
      text += line[at];
      continue;
    }
    at = end;
  }
}

// One of kLines, each as likely as the others.
template <const auto& kLines>
void AppendLine(Random& random, std::string& text) {
  Fill(random.Of(kLines), random, text);
}

// A sentence of English, lines of about 72 bytes; a domain in about 4,000 bytes.
void AppendProse(Random& random, std::string& text) {
  const uint64_t words = 6 + random.Below(20);
  for (uint64_t i = 0; i < words; ++i) {
    std::string word = random.Of(kWords);
    if (random.OneIn(800)) word = Domain(random);
    if (random.OneIn(60)) word = "Mr. " + Capitalised(word);
    text += i == 0 ? Capitalised(word) : word;
    if (i + 1 == words) break;
    if (random.OneIn(150)) Fill(" <100>.<10>", random, text);
    if (random.OneIn(12)) text += random.OneIn(6) ? ";" : ",";
    text += text.size() - (text.rfind('\n') + 1) > 64 ? "\n" : " ";
  }
  text += random.OneIn(10) ? "?\"\n\n" : random.OneIn(8) ? ".\n\n" : ". ";
}

void AppendCyrillic(Random& random, std::string& text) {
  const uint64_t words = 5 + random.Below(15);
  for (uint64_t i = 0; i < words; ++i) {
    text += random.Of(kCyrillicWords);
    text += i + 1 == words ? ". " : random.OneIn(10) ? ", " : " ";
  }
  if (random.OneIn(4)) text += "\n";
}

// Every third line has a dot between names, one in a hundred a domain.
constexpr std::array kCode = {
    "  if (<name>.<name>() < <name>) {\n",
    "    <name>_.<name> = <name>[<100>];\n",
    "  const double <name> = <10>.<1000> * <name>;\n",
    "#include \"<name>/<name>.h\"\n",
    "  // The <name> of a <word> <name>, before it is <word>.\n",
    "  auto <name>_<name> = Make<Name>(<name>, *<name>, <4096>);\n",
    "  for (size_t i = 0; i < <name>; ++i) <name>[i] = std::move(<name>[i + <10>]);\n",
    "    return absl::InvalidArgumentError(\"no <name> for the <word> <name>\");\n",
    "  }\n\n",
};
void AppendCode(Random& random, std::string& text) {
  if (random.OneIn(100)) {
    Fill("  // See https://<domain>/<name>.\n", random, text);
  } else {
    AppendLine<kCode>(random, text);
  }
}

// Apache's combined format.
constexpr std::array kReferrers = {"-", "http://<domain>/<name>/", "https://<domain>/"};
constexpr std::array kAgents = {
    "Mozilla/5.0 (compatible; Bot/2.1; +http://www.<label>.com/bot.html)",
    "Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko/20140205 Firefox/24.0 Iceweasel/24.<10>.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/32.0.<2000>.77 Safari/537.36",
};
void AppendWeblog(Random& random, std::string& text) {
  Fill("<224>.<256>.<256>.<256> - - [1<10>/May/2015:10:0<10>:1<10> +0000] ", random, text);
  Fill("\"GET /<name>/<label>-<name>.png HTTP/1.1\" 200 <250000> \"", random, text);
  AppendLine<kReferrers>(random, text);
  text += "\" \"";
  AppendLine<kAgents>(random, text);
  text += "\"\n";
}

constexpr std::array kHtml = {
    "<li class=\"<name>\"><a href=\"https://<domain>/<name>/<9999>\"><word> <word></a></li>\n",
    "<div id=\"<name><100>\" style=\"width:<100>.5%\"><img src=\"/static/<name>.png\"></div>\n",
    "<p class=\"<name>\">The <word> <word> <word>, and <word> <word>.</p>\n",
    "<p>A <word> <word> <word> <word> <word> <word> <word> <word>; <word> <word>.</p>\n",
};

constexpr std::array kJson = {
    "{\"id\": <999999>, \"<name>\": \"<word> <word>\", \"score\": 0.<9999>, \"tags\": "
    "[\"<label>\"]},\n",
    "{\"<name>\": {\"host\": \"<domain>\", \"<name>\": null, \"port\": <65536>}},\n",
    "{\"<name>\": {\"host\": \"10.0.<256>.<256>\", \"time\": "
    "\"2015-05-17T10:05:1<10>.<1000>Z\"}},\n",
};

// A domain in a line of about 21 bytes.
void AppendDense(Random& random, std::string& text) {
  if (random.OneIn(5)) text += random.Letters(2 + random.Below(6)) + ".";
  text += random.Letters(4 + random.Below(10));
  if (random.OneIn(4)) text += "-" + random.Letters(3 + random.Below(6));
  if (random.OneIn(4)) absl::StrAppend(&text, random.Below(1000));
  text += ".";
  text += random.Of(kSuffixes);
  text += "\n";
}

struct Maker {
  std::string_view name;
  void (*append)(Random& random, std::string& text);
};
constexpr Maker kMakers[] = {{"prose", AppendProse},      {"code", AppendCode},
                             {"weblog", AppendWeblog},    {"html", AppendLine<kHtml>},
                             {"json", AppendLine<kJson>}, {"dense", AppendDense},
                             {"cyrillic", AppendCyrillic}};

// `piece`, again and again, and `end`.
struct Repetition {
  std::string_view name;
  std::string_view piece;
  std::string_view end = "";
};
constexpr Repetition kRepetitions[] = {{"short-names", "a.b "},
                                       {"short-domains", "a.com "},
                                       {"one-letter-labels", "a."},
                                       {"letters", "a"},
                                       {"dots", "."},
                                       {"hyphens", "-"},
                                       {"letter-hyphen", "a-"},
                                       {"mail", "a@b.com\n"},
                                       {"schemes", "://"},
                                       {"percent", "%25"},
                                       {"backslashes", "\\"},
                                       {"bracket-dots", "[.]"},
                                       {"letter-bracket", "a[.]"},
                                       {"long-label", "a", ".example.com"},
                                       {"long-name", "abcdefghi.", "com"},
                                       {"kana-labels", "aあ."},
                                       {"kana-domains", "あ.com"}};

void Repeat(std::string_view piece, size_t bytes, std::string& text) {
  while (text.size() < bytes) text += piece;
  text.resize(bytes);
}

}  // namespace

const std::vector<InputKind>& InputKinds() {
  static const auto& kinds = *[] {
    auto* made = new std::vector<InputKind>;
    for (const Maker& maker : kMakers) {
      if (maker.name != "cyrillic") made->push_back({maker.name});
    }
    for (const Repetition& repetition : kRepetitions) made->push_back({repetition.name, true});
    made->push_back({"cyrillic", true});
    return made;
  }();
  return kinds;
}

std::string MakeInput(std::string_view name, size_t bytes) {
  std::string text;
  for (const Maker& maker : kMakers) {
    if (maker.name != name) continue;
    text.reserve(bytes + 4096);
    Random random;
    while (text.size() < std::min(bytes, kDistinctBytes)) maker.append(random, text);
    text.resize(std::min(bytes, kDistinctBytes));
    while (text.size() < bytes) text.append(text, 0, std::min(kDistinctBytes, bytes - text.size()));
  }
  for (const Repetition& repetition : kRepetitions) {
    if (repetition.name != name) continue;
    text.reserve(bytes + 16);
    Repeat(repetition.piece, bytes - std::min(bytes, repetition.end.size()), text);
    text += repetition.end.substr(0, bytes);
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> ReadCorpus(const std::string& directory,
                                                            size_t max_bytes) {
  namespace fs = std::filesystem;
  std::vector<std::pair<std::string, std::string>> corpus;
  if (directory.empty() || !fs::is_directory(directory)) return corpus;
  std::vector<fs::path> folders(fs::directory_iterator(directory), {});
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::string bytes;
    for (const fs::path& file : files) {
      std::ifstream stream(file, std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(stream), {});
    }
    bytes.resize(std::min(bytes.size(), max_bytes));
    if (!bytes.empty()) corpus.emplace_back(folder.filename(), std::move(bytes));
  }
  return corpus;
}

}  // namespace trawl::bench
