#include "service/url.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace trawl::service {
namespace {

TEST(UrlTest, IsReadIntoItsParts) {
  struct Case {
    const char* text;
    const char* scheme;
    const char* host;
    int port;
    bool userinfo;
    const char* whole;
  };
  const Case cases[] = {
      {"http://a.example", "http", "a.example", 80, false, "http://a.example/"},
      {"HTTPS://A.Example.:8443/x?y#z", "https", "a.example", 8443, false,
       "https://A.Example.:8443/x?y"},
      {"http://me@a.example/", "http", "a.example", 80, true, "http://me@a.example/"},
      {"http://:x@a.example/", "http", "a.example", 80, true, "http://:x@a.example/"},
      {"http://[::1]:81/", "http", "::1", 81, false, "http://[::1]:81/"},
      {"http://0x7f.1/", "http", "127.0.0.1", 80, false, "http://127.0.0.1/"},
      {"http://2130706433/", "http", "127.0.0.1", 80, false, "http://127.0.0.1/"},
      {"http://%32130706433/", "http", "127.0.0.1", 80, false, "http://127.0.0.1/"},
      {"http://%61.example/", "http", "a.example", 80, false, "http://a.example/"},
      {"http://b\xc3\xbc"
       "cher.example/\xc3\xbc",
       "http", "xn--bcher-kva.example", 80, false, "http://xn--bcher-kva.example/%c3%bc"},
      {"ftp://a.example/", "ftp", "a.example", 0, false, "ftp://a.example/"},
      {"file:///etc/passwd", "file", "", 0, false, "file:///etc/passwd"},
  };
  for (const Case& one : cases) {
    const std::optional<Url> url = Url::Parse(one.text);
    ASSERT_TRUE(url.has_value()) << one.text;
    EXPECT_EQ(url->scheme(), one.scheme) << one.text;
    EXPECT_EQ(url->host(), one.host) << one.text;
    EXPECT_EQ(url->port(), one.port) << one.text;
    EXPECT_EQ(url->has_userinfo(), one.userinfo) << one.text;
    EXPECT_EQ(url->text(), one.whole) << one.text;
  }
}

TEST(UrlTest, WhatIsNoneIsNone) {
  const std::string with_zero("http://a.example/\0x", 19);
  for (const std::string& text : std::vector<std::string>{"",
                                                          "a.example",
                                                          "//a.example",
                                                          "/a",
                                                          "http:",
                                                          "http://",
                                                          "http:///",
                                                          "http://.",
                                                          "http://[::1",
                                                          "http://[x]/",
                                                          "http://a:0/",
                                                          "http://a:65536/",
                                                          "http://a:b/",
                                                          "http://a b/",
                                                          "http://a/\r\n",
                                                          "http://a\x7f/",
                                                          "http://a\xff.example/",
                                                          "http://-\xc3\xbc-.example/",
                                                          "http://a%25.example/",
                                                          with_zero}) {
    EXPECT_FALSE(Url::Parse(text).has_value()) << text;
  }
}

TEST(UrlTest, ARedirectIsReadFromWhereItWasGiven) {
  const std::optional<Url> base = Url::Parse("http://a.example/b/c?d#e");
  ASSERT_TRUE(base.has_value());
  const std::tuple<const char*, const char*> cases[] = {
      {"/x", "http://a.example/x"},
      {"x", "http://a.example/b/x"},
      {"../x", "http://a.example/x"},
      {"?x", "http://a.example/b/c?x"},
      {"//b.example/x", "http://b.example/x"},
      {"https://b.example/x#y", "https://b.example/x"},
      {"a b", "http://a.example/b/a%20b"},
      {"javascript://b.example/", "javascript://b.example/"},
  };
  for (const auto& [location, whole] : cases) {
    const std::optional<Url> url = base->Redirected(location);
    ASSERT_TRUE(url.has_value()) << location;
    EXPECT_EQ(url->text(), whole) << location;
  }
  for (const char* location : {"http://", "http://[", "http://a:b/", "x\ny"}) {
    EXPECT_FALSE(base->Redirected(location).has_value()) << location;
  }
}

}  // namespace
}  // namespace trawl::service
