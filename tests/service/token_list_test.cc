#include "service/token_list.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "service/sha256.h"

namespace trawl::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kOne[] = "one-0123456789abcdef";
constexpr char kOther[] = "other/0123456789+ab==";

TokenList Parse(const std::string& text) {
  absl::StatusOr<TokenList> list = TokenList::Parse(text);
  EXPECT_TRUE(list.ok()) << list.status();
  return list.ok() ? *list : TokenList();
}

std::string ErrorOf(const std::string& text) {
  const absl::StatusOr<TokenList> list = TokenList::Parse(text);
  EXPECT_FALSE(list.ok()) << text;
  return std::string(list.status().message());
}

TEST(TokenListTest, FindsWhoseATokenIs) {
  const TokenList list =
      Parse(absl::StrCat("# comment\n\n", kOne, "\n\t", kOther, "  name=other  \r\n"));
  ASSERT_EQ(list.size(), 2u);
  ASSERT_NE(list.Find(kOne), nullptr);
  EXPECT_EQ(list.Find(kOne)->name, "line 3");
  ASSERT_NE(list.Find(kOther), nullptr);
  EXPECT_EQ(list.Find(kOther)->name, "other");
}

TEST(TokenListTest, FindsNobodyForAnythingElse) {
  const TokenList list = Parse(absl::StrCat(kOne, "\n"));
  const std::string one = kOne;
  for (size_t size = 0; size < one.size(); ++size) {
    EXPECT_EQ(list.Find(one.substr(0, size)), nullptr) << size;
  }
  for (size_t i = 0; i < one.size(); ++i) {
    std::string changed = one;
    changed[i] ^= 1;
    EXPECT_EQ(list.Find(changed), nullptr) << changed;
  }
  EXPECT_EQ(list.Find(one + "0"), nullptr);
  EXPECT_EQ(list.Find(std::string(1 << 20, 'a')), nullptr);
}

TEST(TokenListTest, ADigestStandsForItsTokenAndNotForItself) {
  std::string hex;
  for (uint8_t byte : Sha256(kOne)) absl::StrAppend(&hex, absl::Hex(byte, absl::kZeroPad2));
  const TokenList list = Parse(absl::StrCat("sha256:", hex, " name=one\n"));
  ASSERT_NE(list.Find(kOne), nullptr);
  EXPECT_EQ(list.Find(kOne)->name, "one");
  EXPECT_EQ(list.Find(hex), nullptr);
  EXPECT_EQ(list.Find(absl::StrCat("sha256:", hex)), nullptr);
}

TEST(TokenListTest, MethodsAreAllUnlessNamed) {
  const TokenList list = Parse(absl::StrCat(kOne, "\n", kOther, " methods=Ping,some.Service/*\n"));
  EXPECT_TRUE(list.Find(kOne)->MayCall("/any.Service/Method"));
  const TokenList::Holder& other = *list.Find(kOther);
  EXPECT_TRUE(other.MayCall("/trawl.v1.ContentService/Ping"));
  EXPECT_TRUE(other.MayCall("/some.Service/Method"));
  EXPECT_FALSE(other.MayCall("/trawl.v1.ContentService/Explain"));
  EXPECT_FALSE(other.MayCall("/some.ServiceOther/Method"));
}

TEST(TokenListTest, SaysWhichLineIsWrongWithoutItsToken) {
  EXPECT_THAT(ErrorOf(absl::StrCat(kOne, "\nshort\n")), HasSubstr("line 2: the token has 5"));
  EXPECT_THAT(ErrorOf(absl::StrCat(kOne, "\n", kOne)), HasSubstr("line 2: the token is there"));
  EXPECT_THAT(ErrorOf("caf\xc3\xa9-0123456789abcdef"), HasSubstr("line 1: a token is of"));
  EXPECT_THAT(ErrorOf("=0123456789abcdef0123"), HasSubstr("line 1: a token is of"));
  EXPECT_THAT(ErrorOf("==================="), HasSubstr("line 1: a token is of"));
  EXPECT_THAT(ErrorOf("sha256:00"), HasSubstr("64 hexadecimal digits"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("no token"));
  for (const char* rest : {"methods=", "methods=Pong", "methods=a/b/c", "name=", "more", "x=y"}) {
    const std::string error = ErrorOf(absl::StrCat(kOne, " ", rest));
    EXPECT_THAT(error, HasSubstr("line 1")) << rest;
    EXPECT_THAT(error, Not(HasSubstr(kOne))) << rest;
  }
}

TEST(TokenListTest, HasALimit) {
  std::string text;
  for (int i = 0; i < 1000; ++i) absl::StrAppend(&text, "token-0123456789-", i, "\n");
  EXPECT_EQ(Parse(text).size(), 1000u);
  EXPECT_THAT(ErrorOf(absl::StrCat(text, kOne)), HasSubstr("1000"));
}

TEST(Sha256Test, IsThatOfTheStandard) {
  // FIPS 180-2, appendix B.1.
  std::string hex;
  for (uint8_t byte : Sha256("abc")) absl::StrAppend(&hex, absl::Hex(byte, absl::kZeroPad2));
  EXPECT_EQ(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, DigestsAreEqualOnlyWhereAllBytesAre) {
  const Sha256Digest digest = Sha256("abc");
  EXPECT_TRUE(EqualInConstantTime(digest, Sha256("abc")));
  for (size_t i = 0; i < digest.size(); ++i) {
    Sha256Digest other = digest;
    other[i] ^= 0x80;
    EXPECT_FALSE(EqualInConstantTime(digest, other)) << i;
  }
}

}  // namespace
}  // namespace trawl::service
