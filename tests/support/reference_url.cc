#include "tests/support/reference_url.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace trawl::test {
namespace {

using compute::Confidence;
using compute::Defang;
using compute::Kind;
using compute::Reason;

constexpr size_t kUrlBytes = 8192;

struct Known {
  std::string written;
  std::string name;
  bool glued;
};

const std::vector<Known>& Schemes(bool undo) {
  static const auto make = [](bool defanged) {
    std::vector<Known> schemes = {
        {"http", "http", true}, {"https", "https", true}, {"ftp", "ftp", true}};
    for (const char* name :
         {"ftps", "sftp",   "tftp",  "ws",     "wss", "ldap", "ldaps", "rmi",  "ssh",
          "git",  "svn",    "rsync", "telnet", "smb", "nfs",  "irc",   "ircs", "rtsp",
          "rtmp", "gopher", "redis", "mqtt",   "tcp", "udp",  "file"}) {
      schemes.push_back({name, name, false});
    }
    if (defanged) {
      for (const char* http : {"hxxp", "h**p"}) {
        schemes.push_back({http, "http", true});
        schemes.push_back({std::string(http) + "s", "https", true});
      }
      schemes.push_back({"fxp", "ftp", true});
      schemes.push_back({"fxps", "ftps", false});
    }
    std::sort(schemes.begin(), schemes.end(),
              [](auto& a, auto& b) { return a.written.size() > b.written.size(); });
    return schemes;
  };
  static const std::vector<Known> plain = make(false);
  static const std::vector<Known> all = make(true);
  return undo ? all : plain;
}

bool IsIn(int c, std::string_view set) {
  return c > 0 && set.find(static_cast<char>(c)) != std::string_view::npos;
}

}  // namespace

ReferenceUrl::ReferenceUrl(const compute::Ruleset& ruleset, std::string_view document,
                           const compute::ScanOptions& options)
    : ReferenceAddress(document, options) {
  compute::ScanOptions all = options;
  all.min_confidence = Confidence::kLow;
  for (const auto& domain : FindDomainsByReference(ruleset, document, all)) {
    domains_[domain.begin] = domain;
  }
}

std::optional<ReferenceUrl::Scheme> ReferenceUrl::SchemeAt(size_t name_end) const {
  const bool undo = options_.defang != Defang::kOff;
  string form;
  for (const char* one : {"[://]", "[:]//", "://", ":\\/\\/", ":\\\\", ":__", "__"}) {
    const bool defanged = one != string("://") && one != string(":\\/\\/");
    if (text_.substr(name_end, string(one).size()) == one && (undo || !defanged)) {
      form = one;
      break;
    }
  }
  if (form.empty()) return {};
  size_t begin = name_end;
  while (begin > 0 && Alnum(begin - 1) && name_end - begin < 32) --begin;
  const int before = Before(begin);
  if (form == "__" && (IsAsciiAlnum(before) || IsIn(before, "-_."))) return {};
  bool damaged = false;
  begin += EscapeBefore(begin, damaged);
  if (name_end - begin <= 2 && (EndsAt(begin, "h**"))) begin -= 3;
  string word(text_.substr(begin, name_end - begin));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  for (const Known& known : Schemes(undo)) {
    const bool whole = word == known.written;
    if (!whole && !(known.glued && word.ends_with(known.written))) continue;
    const bool written_defanged = known.written != known.name;
    if (form == "__" && !(written_defanged && known.name.starts_with("http"))) continue;
    const bool form_defanged = form != "://" && form != ":\\/\\/";
    return Scheme{name_end - known.written.size(), name_end + form.size(), known.name,
                  written_defanged || form_defanged, !whole};
  }
  return {};
}

std::pair<size_t, size_t> ReferenceUrl::UserinfoAt(size_t begin) const {
  std::pair<size_t, size_t> found{begin, begin};
  for (size_t i = begin; i < text_.size() && i < begin + 64;) {
    const size_t sign = At(i) == '%' ? 0 : AtSignAt(i).first;
    if (sign == 0 && !Userinfo(At(i))) break;
    if (sign > 0 && !HostOrBracket(i + sign)) break;
    if (sign > 0) found = {i, i + sign};
    i += std::max<size_t>(sign, 1);
  }
  return found;
}

std::optional<ReferenceUrl::Host> ReferenceUrl::HostAt(size_t begin) const {
  if (At(begin) == '[') {
    const size_t close = text_.find(']', begin);
    if (close == string::npos || close - begin > 46) return {};
    const auto value = Ipv6Value(string(text_.substr(begin + 1, close - begin - 1)));
    if (!value) return {};
    return Host{close + 1, "[" + *value + "]", "", Confidence::kHigh, Bit(Reason::kAnchored)};
  }
  if (Digit(begin)) {
    const auto dotted = DottedAt(begin);
    if (dotted && HostMayEnd(dotted->end)) {
      Host host{dotted->end, "", "", Confidence::kHigh, Bit(Reason::kAnchored)};
      host.value = dotted->value;
      if (dotted->defanged) host.reasons |= Bit(Reason::kDefanged);
      if (dotted->escaped) {
        host.reasons |= Bit(Reason::kEscapedDot);
        host.confidence = Confidence::kMedium;
      }
      return host;
    }
    const auto number = NumberedAt(begin);
    if (number && HostMayEnd(number->end)) {
      const string written(text_.substr(begin, number->end - begin));
      const bool small =
          written.size() < 8 && written.find_first_not_of("0123456789") == string::npos;
      return Host{number->end, number->value, "", small ? Confidence::kLow : Confidence::kHigh,
                  Bit(Reason::kAnchored) | Bit(Reason::kObfuscated)};
    }
  }
  if (options_.special_use && IsAt(begin, "localhost") && HostMayEnd(begin + 9)) {
    return Host{begin + 9, "localhost", "", Confidence::kHigh,
                Bit(Reason::kAnchored) | Bit(Reason::kSpecialUse)};
  }
  const auto domain = domains_.find(begin);
  if (domain == domains_.end()) return {};
  const ReferenceFinding& found = domain->second;
  return Host{found.end, found.value, found.registrable_domain, found.confidence, found.reasons};
}

ReferenceUrl::Tail ReferenceUrl::TailAt(size_t url_begin, size_t begin) const {
  const bool undo = options_.defang != Defang::kOff;
  const size_t limit = url_begin + kUrlBytes;
  const int quote = IsIn(Before(url_begin), "',;*") ? Before(url_begin) : -1;
  Tail tail{begin, "", false};
  string text;
  struct Open {
    int bracket;
    size_t end;
    string text;
  };
  std::vector<Open> open;
  size_t inner = 0;
  size_t i = begin;
  const auto go = [&](size_t size, const string& as, bool may_end) {
    if (i + size > limit) {
      tail.truncated = true;
      return false;
    }
    i += size;
    text += as;
    if (may_end) tail.end = i, tail.text = text;
    return true;
  };
  for (bool going = true; going && i < text_.size();) {
    const int c = At(i);
    const string here(1, static_cast<char>(c));
    const bool any = IsAsciiAlnum(c) || c >= 0x80 || IsIn(c, "/-_~%=+$#@.:?!'*,;([{)]}&\\");
    if (i >= limit) {
      tail.truncated = any;
      break;
    }
    const bool separator = (c == ':' && IsIn(At(i + 1), "/\\_]")) ||
                           (c == '_' && At(i + 1) == '_' && IsIn(Before(i), "pPsS"));
    if (separator && ++inner > 4) {
      tail.truncated = true;
      break;
    }
    if (c == quote || !any) break;
    const auto dot = DotForm(i);
    const bool refanged = dot && (dot->second == "defanged" || c == '.');
    if (refanged) {
      going = go(dot->first.size(), ".", false);
    } else if (undo && IsAt(i, "[.]")) {
      going = go(3, ".", false);
    } else if (undo && IsAt(i, "[/]")) {
      going = go(3, "/", true);
    } else if (IsIn(c, "([{")) {
      open.push_back({c, tail.end, tail.text});
      going = go(1, here, false);
    } else if (IsIn(c, ")]}")) {
      const int opening = c == ')' ? '(' : c == ']' ? '[' : '{';
      const auto last = std::find_if(open.rbegin(), open.rend(),
                                     [&](auto& one) { return one.bracket == opening; });
      if (last == open.rend()) break;
      open.erase(std::next(last).base());
      going = go(1, here, true);
    } else if (IsIn(c, ",;")) {
      bool scheme = false;
      for (const char* name : {"http", "hxxp", "ftp:", "ftp[", "fxp"}) scheme |= IsAt(i + 1, name);
      string date(text_.substr(i + 1, 10));
      std::replace_if(
          date.begin(), date.end(), [](char digit) { return digit >= '0' && digit <= '9'; }, '0');
      going = !scheme && date != "0000-00-00" && go(1, here, false);
    } else if (c == '&') {
      bool ends = false;
      for (const char* entity :
           {"&quot;", "&lt;", "&gt;", "&apos;", "&nbsp;", "&#34;", "&#39;", "&#x22;", "&#x27;"}) {
        ends |= IsAt(i, entity);
      }
      going = !ends && go(1, here, true);
    } else if (c == '\\') {
      if (IsAt(i, "\\/")) {
        going = go(2, "/", true);
      } else if (IsAt(i, "\\u0026")) {
        going = go(6, "&", true);
      } else if (IsAt(i, "\\u003d")) {
        going = go(6, "=", true);
      } else {
        break;
      }
    } else if (c >= 0x80) {
      if (!IsHostChar(i)) break;
      const auto letter = std::find_if(symbols_.begin(), symbols_.end(),
                                       [i](const Symbol& symbol) { return symbol.begin == i; });
      const size_t size = letter->end - letter->begin;
      going = go(size, string(text_.substr(i, size)), true);
    } else {
      going = go(1, here, !IsIn(c, ".:?!'*+#"));
    }
  }
  for (const Open& one : open) {
    if (one.end < tail.end) tail.end = one.end, tail.text = one.text;
  }
  return tail;
}

std::optional<KindFinding> ReferenceUrl::Url(const Scheme& scheme) const {
  const auto [userinfo_end, host_begin] = UserinfoAt(scheme.end);
  const auto host = HostAt(host_begin);
  if (!host) return {};
  KindFinding finding{Kind::kUrl,
                      scheme.begin,
                      host->end,
                      "",
                      host->registrable,
                      host->confidence,
                      host->reasons & ~Bit(Reason::kEvidence)};
  finding.value = scheme.name + "://";
  if (host_begin > userinfo_end) {
    finding.value += string(text_.substr(scheme.end, userinfo_end - scheme.end)) + "@";
  }
  finding.value += host->value;
  if (scheme.defanged) finding.reasons |= Bit(Reason::kDefanged);
  if (scheme.glued) {
    finding.reasons |= Bit(Reason::kLeftCut);
    finding.confidence = std::min(finding.confidence, Confidence::kMedium);
  }
  size_t i = host->end;
  if (At(i) == '.' && IsIn(At(i + 1), "/:?#")) ++i;
  const bool undo = options_.defang != Defang::kOff;
  const size_t colon = At(i) == ':' ? 1 : undo && IsAt(i, "[:]") ? 3 : 0;
  size_t digits = 0;
  while (colon > 0 && Digit(i + colon + digits)) ++digits;
  if (digits >= 1 && digits <= 5) {
    finding.value += ":" + string(text_.substr(i + colon, digits));
    i += colon + digits;
    finding.end = i;
  }
  if (IsIn(At(i), "/?#") || IsAt(i, "\\/") || IsAt(i, "[/]")) {
    const Tail tail = TailAt(scheme.begin, i);
    finding.value += tail.text;
    if (!tail.text.empty()) finding.end = tail.end;
    if (tail.truncated) finding.reasons |= Bit(Reason::kTruncated);
  }
  return finding;
}

std::vector<KindFinding> ReferenceUrl::Urls() const {
  std::vector<KindFinding> findings;
  for (size_t i = 0; i < text_.size(); ++i) {
    const auto scheme = SchemeAt(i);
    if (!scheme) continue;
    if (auto finding = Url(*scheme)) findings.push_back(*finding);
  }
  return findings;
}

std::vector<KindFinding> ReferenceUrl::ObfuscatedAddresses() const {
  std::vector<KindFinding> findings;
  for (size_t i = 0; i < text_.size(); ++i) {
    const auto scheme = SchemeAt(i);
    if (!scheme) continue;
    const size_t begin = UserinfoAt(scheme->end).second;
    const auto host = HostAt(begin);
    if (!host || (host->reasons & Bit(Reason::kObfuscated)) == 0) continue;
    const KindFinding finding{Kind::kIpv4,      begin,        host->end, host->value, "",
                              host->confidence, host->reasons};
    // Userinfo may hold another scheme, whose host it then is too.
    if (std::find(findings.begin(), findings.end(), finding) == findings.end()) {
      findings.push_back(finding);
    }
  }
  return findings;
}

std::optional<KindFinding> ReferenceUrl::Email(size_t at, size_t sign, bool defanged) const {
  const auto domain = domains_.find(at + sign);
  if (domain == domains_.end() || at == 0 || Before(at) == '.') return {};
  // The local part, character by character.
  size_t begin = at;
  bool right_unspaced = false;
  while (begin > 0) {
    const Symbol* symbol = nullptr;
    for (const Symbol& one : symbols_) {
      if (one.end == begin) symbol = &one;
    }
    const int c = Before(begin);
    bool taken = IsAsciiAlnum(c) || IsIn(c, "._+-");
    if (c == '\'' && begin >= 2 && Alnum(begin - 2) && Alnum(begin)) taken = true;
    if (c == '.' && begin < at && At(begin) == '.') taken = false;
    size_t size = 1;
    bool unspaced = false;
    if (c >= 0x80 && symbol != nullptr && symbol->c >= 0) {
      const Symbol letter = ClassifyCodePoint(symbol->c);
      taken = letter.kind == SymbolKind::kHost;
      unspaced = taken && letter.unspaced;
      size = symbol->end - symbol->begin;
    }
    const bool right_ascii = begin < at && Alnum(begin);
    if (!taken || (unspaced && right_ascii) || (right_unspaced && IsAsciiAlnum(c))) break;
    begin -= size;
    right_unspaced = unspaced;
  }
  if (at - begin > 64 + 32) return {};
  bool damaged = false;
  begin += EscapeBefore(begin, damaged);
  while (begin < at && IsIn(At(begin), ".-+")) ++begin;
  if (begin >= at || at - begin > 64) return {};
  size_t userinfo = begin;
  while (userinfo > 0 && begin - userinfo < 64 &&
         (Userinfo(Before(userinfo)) || IsIn(Before(userinfo), "[]{}"))) {
    --userinfo;
  }
  for (const char* separator : {"://", ":]//"}) {
    const string mailto = string("mailto") + separator;
    const bool is_mailto = userinfo >= mailto.size() &&
                           text_.substr(userinfo - mailto.size(), mailto.size()) == mailto;
    if (EndsAt(userinfo, separator) && !is_mailto) return {};
  }
  const ReferenceFinding& host = domain->second;
  const string local(text_.substr(begin, at - begin));
  KindFinding finding{
      Kind::kEmail,    begin,       host.end, local + "@" + host.value, host.registrable_domain,
      host.confidence, host.reasons};
  if (defanged) finding.reasons |= Bit(Reason::kDefanged);
  string line(text_.substr(begin < 64 ? 0 : begin - 64, std::min<size_t>(begin, 64)));
  line = line.substr(line.rfind('\n') + 1);
  std::transform(line.begin(), line.end(), line.begin(),
                 [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
  bool identifier = false;
  for (const char* header : {"message-id", "in-reply-to", "references", "content-id", "msgid"}) {
    for (const char* mark : {":", "="}) {
      identifier |= line.ends_with('<') && line.find(string(header) + mark) != string::npos;
    }
  }
  const auto digits =
      std::count_if(local.begin(), local.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (identifier || (local.size() >= 16 && 2 * static_cast<size_t>(digits) >= local.size())) {
    finding.reasons |= Bit(Reason::kMessageId);
    finding.confidence = Confidence::kLow;
  }
  return finding;
}

std::vector<KindFinding> ReferenceUrl::Emails() const {
  std::vector<KindFinding> findings;
  for (size_t i = 0; i < text_.size(); ++i) {
    const auto [sign, defanged] = AtSignAt(i);
    if (sign == 0) continue;
    if (auto finding = Email(i, sign, defanged)) findings.push_back(*finding);
    i += sign - 1;
  }
  return findings;
}

}  // namespace trawl::test
