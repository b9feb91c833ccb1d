#include "tests/support/documents.h"

#include <algorithm>
#include <array>

namespace trawl::test {
namespace {

constexpr std::array<std::string_view, 197> kPieces = {
    // Labels and TLDs.
    "a", "b", "com", "example", "co.uk", "uk", "org", "py", "is", "name", "io", "dev", "jp", "so",
    "zip", "claims", "onion", "local", "arpa", "home.arpa", "github.io", "ck", "kawasaki.jp", "www",
    "www.", "A", "x", "m", "K", "1", "1.1", "dot", "Com", "COM", "It", "com-", "com_",
    // What looks like a domain in code, paths and names.
    "this", "self.", "event", "data", "cf", "DE", "Spy", "0x4", "0X", "comp", "news.admin", "net-",
    "ASP.NET", "VB.Net", "tech-",
    // Surroundings of code, markup and paths.
    "typeof ", "==", " == ", "!=", "&&", "||", "(!", " = ", "print(", "userName", "name ", "top",
    " {", "h3", "span.", " id=\"", "<a name='", "href=\"#", "b#", "</code>", "\\AppData\\",
    "\\windows\\", "_ _", "a!", "\u272A", "\u20AC", "n.gm", "a.TZ", "b.site",
    // Dots.
    ".", ".", ".", ".", ".", ".", "..", "[.]", "[.", ".]", "(dot)", "[dot]", "\\.", " dot ", " . ",
    "\u3002", "\uFF0E", "\uFF61",
    // Joints and brackets.
    "-", "_", "--", "__", "@", "[at]", "[", "]", "(", ")", "{", "}", "*", "*.", "+", "=", "<", ">",
    ";", "\"", "'", "?", "#", " ", "\n", "\t", ":", "::", ":80", ":80/",
    // Schemes.
    "/", "//", "///", "://", "http://", "https://", "mailto:", "hxxp", "hxxp__", "hxxps://",
    "[:]//", "[://]", "http:__", ":\\\\", "-3A__", "https-3A__",
    // Escapes.
    "\\", "\\\\", "\\n", "\\u0022", "\\u002f", "\\x2f", "C:\\", "%", "%2F", "%25", "%252F", "%2D",
    "%2E", "%3A%2F%2F", "%40", "%C3", "%E9", "=3D", "=2F", "\x1b[", "\x1b[31m",
    // Beyond ASCII: letters, marks, symbols, ignorables, ill-formed bytes.
    "\u00E9", "\u00FCber", "\u00DF", "\u65E5\u672C", "\u3042", "\u4E2D\u56FD", "\u0E01", "\uAC00",
    "\u0430", "\u0440\u0444", "\u05D0", "\u0627", "\u2122", "\u00B2", "\U0001F389", "\u2019",
    "\uFFFD", "\u0301", "\u0915\u094D", "\u0BB9\u0BCD\u200D", "\u2163", "\uFDFA", "\uFF21",
    "\u200B", "\u00AD", "\u200D", "\u200C", "\uFEFF", "\xC3", "\xA9", "\xFF"};

constexpr std::array<std::string_view, 13> kFillers = {
    "a",      "-",   "_",  "\u00AD",  "\u00E9", "a.",    "\u3042",
    "\u200B", "%25", "-.", "\u3042a", "_a.",    "\u0301"};

// Hosts of every length up to that which bit masks reach, and of every grade.
constexpr std::array<std::string_view, 40> kHosts = {
    "b.com",
    "a.com",
    "x.io",
    "t.co",
    "q.de",
    "1.com",
    "x.py",
    "setup.py",
    "foo.zip",
    "e.name",
    "this.com",
    "self.de",
    "user.is",
    "www.is",
    "www.a.dev",
    "com.foo.app",
    "Foo.Com",
    "foo.It",
    "github.io",
    "a.github.io",
    "co.uk",
    "a.co.uk",
    "ab.kawasaki.jp",
    "x.ck",
    "a.b.ck",
    "a.local",
    "a.onion",
    "abc.com",
    "abcd.com",
    "abcde.com",
    "example.com",
    "www.example.co.uk",
    "abcdefgh0ijklmnop.com",
    "abcdefgh1ijklmnop.com",
    "abcdefgh.i.jklmnop.com",
    "abcdefghijklmnopqrstuvwxyz0.abcdefghijklmnop.org",
    "abcdefghijklmnopqrstuvwxyz0.abcdefghijklmnopqrstuvw.org",
    "abcdefghijklmnopqrstuvwxyz0.abcdefghijklmnopqrstuvwx.org",
    "abcdefghijklmnopqrstuvwxyz0.abcdefghijklmnopqrstuvwxy.org",
    "abcdefghijklmnopqrstuvwxyz0.abcdefghijklmnopqrstuvwxyz.a.photography"};

constexpr std::array<std::string_view, 40> kLeftOfHosts = {
    " ",    " ",       " ",       "\n",       "a@",   "a@", "joe.x@", " @",     "-@",     "\u00E9@",
    "[at]", "http://", "http://", "hxxps://", "a:b@", "//", "/",      "\\",     "\\\\",   "\"",
    "(",    "<",       "[",       ";",        "=",    "= ", "!",      "== ",    "print(", "typeof ",
    "%",    "%2F",     "%40",     "-",        "_",    ".",  "x[.]",   "\u00E9", "\u2019", "\xFF"};

constexpr std::array<std::string_view, 40> kRightOfHosts = {
    " ",  " ",       "\n",        "\n",  "\n",   ">",       ",",  ", ",      ". ",         ".\n",
    "\"", "\"@",     "/",         "/x ", ":80 ", ":80/ ",   ":x", "? ",      "?a ",        "#",
    "@",  "@c.org ", ":p@c.org ", "(",   "()",   "[.]org ", "[",  "\\.org ", " ==",        " = 1;",
    "==", "&&",      "-",         "_",   "!",    "%",       "+",  "\u00E9",  "\u3002org ", "\xFF"};

// By script, so that most labels are of one.
constexpr std::array<std::array<std::string_view, 8>, 12> kLetters = {{
    {"a", "b", "x", "n", "w", "A", "-", "1"},
    {"a", "e", "\u00FC", "\u00E9", "\u00DF", "\u00DC", "-", "\u0131"},
    {"\u0430", "\u0431", "\u0440", "\u0444", "\u0416", "-", "1", "\u0451"},
    {"\u0430", "a", "\u0435", "e", "\u043E", "o", "x", "\u0441"},
    {"\u03B1", "\u03C2", "\u03C3", "\u03A3", "\u03CC", "-", "2", "\u03B1"},
    {"\u3042", "\u304C", "\u30AB", "\u30FC", "\u65E5", "\u672C", "\u3099", "\uFF76"},
    {"\u4E2D", "\u56FD", "\u7DB2", "\u2F00", "\U00020000", "-", "\u3105", "8"},
    {"\uD55C", "\uAD6D", "\u1100", "\u1161", "\u4E2D", "\uAC00", "-", "k"},
    {"\u0E01", "\u0E33", "\u0E48", "\u0E2B", "\u0EC0", "\u1780", "\u1000", "-"},
    {"\u05D0", "\u05D1", "\u0627", "\u0628", "\u0661", "1", "-", "a"},
    {"\u0915", "\u094D", "\u200D", "\u0937", "\u0BB9", "\u0BCD", "\u200C", "\u0966"},
    {"\uFF41", "\uFF21", "\uFF11", "\u1D43", "\u2122", "\u00B2", "\U0001F389", "\u2460"},
}};

constexpr std::array<std::string_view, 32> kTlds = {"com",
                                                    "com",
                                                    "com",
                                                    "net",
                                                    "org",
                                                    "de",
                                                    "ru",
                                                    "jp",
                                                    "co.jp",
                                                    "kawasaki.jp",
                                                    "cn",
                                                    "py",
                                                    "is",
                                                    "zip",
                                                    "io",
                                                    "photography",
                                                    "Com",
                                                    "COM",
                                                    "xn--p1ai",
                                                    "\u0440\u0444",
                                                    "\u0420\u0424",
                                                    "\u4E2D\u56FD",
                                                    "\u4E2D\u570B",
                                                    "\u307F\u3093\u306A",
                                                    "\uD55C\uAD6D",
                                                    "\u05E7\u05D5\u05DD",
                                                    "\u0E44\u0E17\u0E22",
                                                    "blogspot.com",
                                                    "\uFF43om",
                                                    "local",
                                                    "comp",
                                                    "\u0431\u0435\u043B"};

constexpr std::array<std::string_view, 16> kJoints = {
    ".",   ".",   ".",     ".",      ".",      ".",       ".",  ".",
    "[.]", "\\.", "[dot]", "\u3002", "\uFF0E", "\u00AD.", "-.", "_."};

}  // namespace

std::string Repeat(std::string_view unit, size_t size) {
  std::string text;
  text.reserve(size + unit.size());
  while (text.size() < size) text += unit;
  return text;
}

std::vector<std::string> LongDocuments() {
  std::vector<std::string> documents;
  for (std::string_view unit :
       {"a",        "-",      "_",       ".",      "a.",      "-.",       "a-.",    "_a.",
        "com.",     "a.com-", "a.com_",  "%25",    "\\",      "/",        "a/",     "@",
        "a@",       "\u00E9", "\u00E9.", "\u00AD", "a\u00AD", "a\u00AD.", "\u3042", "\u3042a",
        "\u3042a.", "\u200D", "[.]a",    "\\.a",   "(dot)a",  "\xC3",     "a\xC3",  "https-3A__a_",
        "=2F",      "\u0301", "\u2122"}) {
    for (size_t size : {60, 250, 279, 300, 620, 1000, 1030, 2100}) {
      std::string row = Repeat(unit, size);
      documents.push_back(row + ".example.com");
      documents.push_back(row + "example.com");
      documents.push_back("http://" + row + "\u3042.example.com");
      documents.push_back("www.example.com" + row);
      documents.push_back("www.example.com." + row + " x.org");
      documents.push_back("b.a" + row + ".example.com" + row + "@a.org");
    }
  }
  // Spans of nearly and just more than 1,024 bytes.
  for (size_t ignorables = 28; ignorables < 33; ++ignorables) {
    std::string host = "http://";
    for (int i = 0; i < 16; ++i) host += "ab" + Repeat("\u00AD", 2 * ignorables) + ".";
    documents.push_back(host + "example.com/x");
    documents.push_back(Repeat("x", 300) + host.substr(7) + "example.com" + Repeat("-", 255));
  }
  return documents;
}

std::string RandomDocuments::Next(size_t pieces) {
  const size_t count = 1 + Below(pieces);
  // Some documents are made of few different pieces only, so that these meet often.
  const size_t variety = Below(2) == 0 ? kPieces.size() : 2 + Below(12);
  const size_t offset = Below(kPieces.size());
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += kPieces[(offset + Below(variety)) % kPieces.size()];
    if (variety < kPieces.size() && Below(4) == 0) text += ".";
  }
  if (Below(64) == 0) {
    text.insert(Below(text.size() + 1), Repeat(kFillers[Below(kFillers.size())], Below(1500)));
  }
  return text;
}

std::string RandomDocuments::NextHost() {
  if (Below(2) == 0) return std::string(kHosts[Below(kHosts.size())]);
  std::string host;
  for (size_t labels = 1 + Below(3); labels > 0; --labels) {
    for (size_t size = 1 + Below(12); size > 0; --size) {
      host += static_cast<char>('a' + Below(26));
    }
    host += '.';
  }
  return host + "com";
}

std::string RandomDocuments::NextLabel() {
  const auto& letters = kLetters[Below(kLetters.size())];
  std::string label;
  for (size_t size = 1 + Below(Below(20) == 0 ? 64 : 5); size > 0; --size) {
    label += letters[Below(letters.size())];
  }
  if (Below(32) == 0) label += kPieces[Below(kPieces.size())];
  return label;
}

std::string RandomDocuments::NextInScripts(size_t count) {
  std::string text;
  std::string host;
  const bool apart = Below(3) > 0;
  const bool repeats = Below(3) == 0;
  for (size_t i = 0; i < count; ++i) {
    if (apart || Below(4) == 0) text += kLeftOfHosts[Below(kLeftOfHosts.size())];
    if (i == 0 || !repeats || Below(8) == 0) {
      host.clear();
      for (size_t labels = 1 + Below(3); labels > 0; --labels) {
        host += NextLabel();
        host += kJoints[Below(kJoints.size())];
      }
      host += Below(8) > 0 ? std::string(kTlds[Below(kTlds.size())]) : NextLabel();
    } else if (Below(8) == 0) {
      host[Below(host.size())] = "az09-_.A@"[Below(9)];
    }
    text += host;
    if (apart || Below(4) == 0) text += kRightOfHosts[Below(kRightOfHosts.size())];
  }
  return text;
}

std::string RandomDocuments::NextWithRepeats(size_t count) {
  static constexpr std::array<size_t, 5> kVarieties = {1, 2, 6, 40, 400};
  std::vector<std::string> hosts(kVarieties[Below(kVarieties.size())]);
  for (std::string& host : hosts) host = NextHost();
  // What is next to them is what says nothing, or anything.
  const bool plain = Below(3) == 0;
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    std::string host = hosts[Below(hosts.size())];
    if (Below(32) == 0) {
      for (char& c : host) {
        if (c >= 'a' && c <= 'z' && Below(2) == 0) c = static_cast<char>(c - 'a' + 'A');
      }
    }
    if (Below(64) == 0) host[Below(host.size())] = "az09-_.A@"[Below(9)];
    text += kLeftOfHosts[Below(plain ? 7 : kLeftOfHosts.size())];
    text += host;
    text += kRightOfHosts[Below(plain ? 8 : kRightOfHosts.size())];
  }
  return text;
}

compute::ScanOptions RandomDocuments::NextOptions() {
  compute::ScanOptions options;
  options.min_confidence = compute::Confidence::kLow;
  if (Below(8) == 0) {
    options.defang = static_cast<compute::Defang>(Below(3));
    options.special_use = Below(2) == 0;
    options.unknown_tld_in_urls = Below(2) == 0;
    options.min_confidence = static_cast<compute::Confidence>(1 + Below(3));
  }
  return options;
}

}  // namespace trawl::test
