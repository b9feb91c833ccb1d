#include "tests/support/kind_documents.h"

#include <array>
#include <string_view>

namespace trawl::test {
namespace {

constexpr auto kPieces = std::to_array<std::string_view>(
    {// Schemes and separators.
     "http://", "https://", "hxxp://", "hxxps[:]//", "http[://]", "h**p://", "H**PS://", "fxp://",
     "ftp://", "git+https://", "ws://", "ldap://", "xhttp://", "mailto:", "mailto://", "http:\\\\",
     "http:__", "hxxp__", "hxxps__", "http:\\/\\/", "HTTP://", "http", "://", ":", "//", "[:]//",
     "[://]", "__", "s__", "\\nhttp://", "%20https://",
     // Hosts.
     "example.com", "a.co", "b.org", "example[.]com", "evil(dot)net", "example\\.com", "setup.py",
     "b\u00FCcher.de", "localhost", "localhost:8080", "nas.local", "x.example.com.bak",
     "example.com-x", "example.com_x", "example.com.", "127.0.0.1", "1.2.3.4", "0x7f.1",
     "0x7F000001", "2130706433", "0177.0.0.01", "1.2", "7", "1.2.3.4.5", "256.1.1.1",
     "1.2.3.4.example.com", "[::1]", "[2001:db8::1]", "[fe80::1%25eth0]", "[::]", "1[.]2[.]3[.]4",
     "10.0.0[.]1",
     // Userinfo, ports, tails.
     "user:pw@", "user@", ":80", ":8080/", "[:]443", ":99999", ":x", "/", "/x", "/a.b", "/x?y=1",
     "?q", "#f", "#", "/(a)", "/(", ")", "/[x]", "]", "/{id}", "}", "/a,b", ",", ";", "&amp;",
     "&quot;", "&#39;", "'", "\"", "<", ">", "*", "\\/", "\\/x", "\\u0026", "\\u003D", "\\", "[/]",
     "!", "?", "...", ".", "|", "`", "%2F", "%", "=", "=3D", "=20", "%3C", "~", "$", "+", "-", "_",
     // Mailboxes.
     "me", "john.doe", "a+b", "o'brien", "@", "[at]", "(at)", "{at}", "[@]", "%40",
     "me@example.com", "@b.org", ".@", "..a", "Message-ID: <",
     "In-Reply-To: ", "12345678901234567890@", "\u65E5\u672C", "m\u00FCller", "\u0301", "\u200B",
     "\xC3", "\uFF0C", "\u3002",
     // Addresses.
     "v", "V1.2.3.4", "version ", "build: ", "Version/", "Chrome/", "ip-", "\\n", "\\x41",
     "\x1b[31m", "192.168.1.1", "8.8.8.8", ".5", "-beta", "-1", "/24", "2001:db8::", "fe80::1",
     "::1", "::", "1::2", "a::b", "dead::beef", "1:2:3:4:5:6:7:8", "2001:0DB8:0:0:8:800:200C:417A",
     "::ffff:1.2.3.4", "64:ff9b::1.2.3.4", "12:34:56", "00:1a:2b:3c:4d:5e", "1:", ":1", "::1.2.3",
     "00:11:22:33:44:55:66:77", "g", "f", "0",
     // Digests.
     "d41d8cd98f00b204e9800998ecf8427e", "D41D8CD98F00B204E9800998ECF8427E",
     "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
     "00000000000000000000000000000000", "0123456789abcdef0123456789abcdef",
     "12345678901234567890123456789012",
     // Space.
     "1.2.3.4. Title", "\u00A0X", "[.]", "file://", "+", "++", ",2024-01-31", " ", " ", " ", " ",
     "\n", "\t"});

constexpr std::array<std::string_view, 14> kFillers = {
    "a", ":", "/", "(", "a.", "1.", "@", "a@", "::", "1:", "f", "\u00E9", "http://a.co/", "/x"};

}  // namespace

std::string KindDocuments::Next(size_t pieces) {
  const size_t count = 1 + Below(pieces);
  const bool all = Below(2) == 0;
  const size_t variety = all ? kPieces.size() : 2 + Below(14);
  const size_t offset = Below(kPieces.size());
  // Some documents are made of few different pieces only, from all over the list.
  const size_t stride = all ? 1 : 1 + Below(kPieces.size());
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += kPieces[(offset + stride * Below(variety)) % kPieces.size()];
  }
  if (Below(64) == 0) {
    text.insert(Below(text.size() + 1), Repeat(kFillers[Below(kFillers.size())], Below(300)));
  }
  return text;
}

}  // namespace trawl::test
