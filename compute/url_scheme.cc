#include "compute/url_scheme.h"

#include <algorithm>
#include <array>
#include <string>

#include "compute/code_points.h"
#include "compute/notation.h"

namespace trawl::compute {
namespace {

constexpr size_t kMaxWord = 32;  // letters and digits that are looked at left of a separator
constexpr size_t kUserinfoBytes = 64;

struct KnownScheme {
  std::string_view written;
  std::string_view name;
  bool defanged = false;
  bool may_be_glued = false;
};

// Longer ones first where one ends in another.
constexpr std::array<KnownScheme, 34> kSchemes = {{
    {"https", "https", false, true},    {"http", "http", false, true},
    {"hxxps", "https", true, true},     {"hxxp", "http", true, true},
    {"h**ps", "https", true, true},     {"h**p", "http", true, true},
    {"ftps", "ftps", false, false},     {"sftp", "sftp", false, false},
    {"tftp", "tftp", false, false},     {"ftp", "ftp", false, true},
    {"fxps", "ftps", true, false},      {"fxp", "ftp", true, true},
    {"wss", "wss", false, false},       {"ws", "ws", false, false},
    {"ldaps", "ldaps", false, false},   {"ldap", "ldap", false, false},
    {"rmi", "rmi", false, false},       {"ssh", "ssh", false, false},
    {"git", "git", false, false},       {"svn", "svn", false, false},
    {"rsync", "rsync", false, false},   {"telnet", "telnet", false, false},
    {"smb", "smb", false, false},       {"nfs", "nfs", false, false},
    {"ircs", "ircs", false, false},     {"irc", "irc", false, false},
    {"rtsp", "rtsp", false, false},     {"rtmp", "rtmp", false, false},
    {"gopher", "gopher", false, false}, {"redis", "redis", false, false},
    {"mqtt", "mqtt", false, false},     {"tcp", "tcp", false, false},
    {"udp", "udp", false, false},       {"file", "file", false, false},
}};

bool StartsWith(std::string_view text, size_t position, std::string_view start) {
  return position <= text.size() && text.substr(position, start.size()) == start;
}

char At(std::string_view text, size_t position) {
  return position < text.size() ? text[position] : '\0';
}

// Where the scheme's name ends and what is right of the separator begins.
struct Separator {
  size_t name_end = 0;
  size_t end = 0;
  bool defanged = false;
};

std::optional<Separator> ReadSeparator(std::string_view text, size_t place, Defang defang) {
  const bool undo = defang != Defang::kOff;
  if (text[place] == '_') {
    return undo ? std::optional<Separator>({place, place + 2, true}) : std::nullopt;
  }
  const bool bracket = undo && place > 0 && text[place - 1] == '[';
  if (StartsWith(text, place, "://")) {
    if (bracket && At(text, place + 3) == ']') return Separator{place - 1, place + 4, true};
    return Separator{place, place + 3, false};
  }
  if (StartsWith(text, place, ":\\/\\/")) return Separator{place, place + 5, false};
  if (bracket && StartsWith(text, place, ":]//")) return Separator{place - 1, place + 4, true};
  if (undo && (StartsWith(text, place, ":\\\\") || StartsWith(text, place, ":__"))) {
    return Separator{place, place + 3, true};
  }
  return std::nullopt;
}

bool IsUserinfoByte(char c) {
  constexpr std::string_view kOthers = "-._~%!$&'()*+,;=:";
  return IsAlphanumeric(c) || kOthers.find(c) != std::string_view::npos;
}

bool IsHostOrBracketAt(std::string_view text, size_t position) {
  if (position >= text.size()) return false;
  if (IsAscii(text[position])) return IsHostByte(text[position]) || text[position] == '[';
  const CodePoint c = DecodeAt(text, position);
  if (!c.well_formed) return false;
  const HostClass host_class = HostClassOf(c.value);
  return host_class == HostClass::kSpaced || host_class == HostClass::kUnspaced;
}

}  // namespace

std::optional<UrlScheme> ReadUrlScheme(std::string_view text, size_t place, Defang defang) {
  const std::optional<Separator> separator = ReadSeparator(text, place, defang);
  if (!separator.has_value()) return std::nullopt;
  const size_t end = separator->name_end;
  size_t begin = end;
  while (begin > 0 && end - begin < kMaxWord && IsAlphanumeric(text[begin - 1])) --begin;
  // Only at the begin of a run does such a name read as a scheme (DefangedSchemePrefix).
  const bool in_run = begin > 0 && (IsHostByte(text[begin - 1]) || text[begin - 1] == '.');
  if (text[place] == '_' && in_run) return std::nullopt;
  begin += CutEscape(text, begin, end).size;
  std::string word(text.substr(begin, end - begin));
  if (begin >= 3 && word.size() <= 2 && StartsWith(text, begin - 3, "h**")) {
    begin -= 3;
    word = "h**" + word;
  } else if (begin >= 3 && word.size() <= 2 && StartsWith(text, begin - 3, "H**")) {
    begin -= 3;
    word = "h**" + word;
  }
  std::transform(word.begin(), word.end(), word.begin(), ToLower);
  if (word.size() < 2) return std::nullopt;
  for (const KnownScheme& known : kSchemes) {
    if (known.defanged && defang == Defang::kOff) continue;
    if (word.size() < known.written.size() || !word.ends_with(known.written)) continue;
    const bool glued = word.size() > known.written.size();
    if (glued && !known.may_be_glued) continue;
    if (text[place] == '_' && !(known.defanged && known.name.starts_with("http"))) continue;
    return UrlScheme{end - known.written.size(), separator->end, known.name,
                     separator->defanged || known.defanged, glued};
  }
  return std::nullopt;
}

bool IsUrlPlace(std::string_view text, size_t place) {
  const char next = At(text, place + 1);
  if (text[place] == ':') return next == '/' || next == '\\' || next == '_' || next == ']';
  if (text[place] != '_' || next != '_' || place == 0) return false;
  const char before = ToLower(text[place - 1]);
  return before == 'p' || before == 's';
}

Userinfo ReadUserinfo(std::string_view text, size_t begin, Defang defang) {
  Userinfo userinfo{begin, begin};
  const size_t limit = std::min(text.size(), begin + kUserinfoBytes);
  for (size_t i = begin; i < limit;) {
    const AtSign sign = text[i] == '%' ? AtSign{} : AtSignAt(text, i, defang);
    if (sign) {
      if (!IsHostOrBracketAt(text, i + sign.size)) break;
      userinfo = {i, i + sign.size};
      i += sign.size;
    } else if (IsUserinfoByte(text[i])) {
      ++i;
    } else {
      break;
    }
  }
  return userinfo;
}

}  // namespace trawl::compute
