#include "service/method_set.h"

#include <gmock/gmock.h>

namespace trawl::service {
namespace {

using ::testing::HasSubstr;

TEST(MethodSetTest, TheEmptyTextIsTheEmptySet) {
  const absl::StatusOr<MethodSet> set = MethodSet::Parse("");
  ASSERT_TRUE(set.ok());
  EXPECT_FALSE(set->Contains("/trawl.v1.ContentService/Ping"));
  EXPECT_FALSE(set->Contains(""));
}

TEST(MethodSetTest, KnowsMethodsByNameByServiceAndAllOfAService) {
  const absl::StatusOr<MethodSet> set =
      MethodSet::Parse("Ping,grpc.health.v1.Health/Check,some.Service/*");
  ASSERT_TRUE(set.ok()) << set.status();
  for (const char* path : {"/trawl.v1.ContentService/Ping", "/grpc.health.v1.Health/Check",
                           "/some.Service/One", "/some.Service/Other", "/some.Service/"}) {
    EXPECT_TRUE(set->Contains(path)) << path;
  }
  for (const char* path :
       {"/trawl.v1.ContentService/Explain", "/grpc.health.v1.Health/Watch", "/some.Service",
        "/some.Service2/One", "/some.Service/One/More", "some.Service/One", "Ping", "/Ping", "",
        "/", "/trawl.v1.ContentService/ping", "/trawl.v1.ContentService/Ping/",
        "//trawl.v1.ContentService/Ping"}) {
    EXPECT_FALSE(set->Contains(path)) << path;
  }
}

TEST(MethodSetTest, RefusesWhatIsNoMethod) {
  for (const char* text : {"Pong", "trawl.v1.ContentService/Pong", "ping", "Ping,", ",Ping",
                           "Ping,,Ping", "/", "a/", "/b", "a/b/c", "*", "Ping Pong"}) {
    const absl::StatusOr<MethodSet> set = MethodSet::Parse(text);
    EXPECT_FALSE(set.ok()) << text;
    EXPECT_THAT(std::string(set.status().message()), HasSubstr("\" is no ")) << text;
  }
}

}  // namespace
}  // namespace trawl::service
