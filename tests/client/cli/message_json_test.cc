#include "client/cli/message_json.h"

#include "gtest/gtest.h"
#include "trawl/v1/content.pb.h"

namespace trawl::cli {
namespace {

TEST(MessageJsonTest, FieldsHaveTheirProtoNamesAndOrder) {
  v1::Finding finding;
  finding.set_kind(v1::KIND_DOMAIN);
  finding.set_begin(uint64_t{1} << 53);
  finding.set_end(7);
  finding.set_value("a.example");
  finding.add_reasons(v1::REASON_ANCHORED);
  finding.add_reasons(v1::REASON_EVIDENCE);
  EXPECT_EQ(DumpLine(MessageToJson(finding)),
            R"({"kind":"KIND_DOMAIN","begin":9007199254740992,"end":7,"value":"a.example",)"
            R"("registrable_domain":"","confidence":"CONFIDENCE_UNSPECIFIED",)"
            R"("reasons":["REASON_ANCHORED","REASON_EVIDENCE"]})");
}

TEST(MessageJsonTest, AnEnumValueUnknownHereIsANumber) {
  v1::Finding finding;
  finding.set_confidence(static_cast<v1::Confidence>(99));
  EXPECT_EQ(MessageToJson(finding)["confidence"], 99);
}

TEST(MessageJsonTest, MessagesNotSetAreLeftOut) {
  EXPECT_FALSE(MessageToJson(v1::ProcessContentResponse()).contains("stats"));
}

TEST(MessageJsonTest, DurationsAndTimestampsAreStrings) {
  v1::Stats stats;
  stats.mutable_queue_time()->set_nanos(1500000);
  EXPECT_EQ(MessageToJson(stats)["queue_time"], "0.001500s");
  v1::Ruleset ruleset;
  ruleset.mutable_public_suffix_date()->set_seconds(1675900800);
  EXPECT_EQ(MessageToJson(ruleset)["public_suffix_date"], "2023-02-09T00:00:00Z");
}

TEST(MessageJsonTest, BytesAreBase64) {
  v1::PingRequest request;
  request.set_payload(std::string("\xff\0", 2));
  EXPECT_EQ(MessageToJson(request)["payload"], "/wA=");
}

TEST(MessageJsonTest, IllFormedTextGivesValidJson) {
  const std::string line = DumpLine({{"file", "a\xff\n\"b"}});
  EXPECT_EQ(line, "{\"file\":\"a\uFFFD\\n\\\"b\"}");
}

}  // namespace
}  // namespace trawl::cli
