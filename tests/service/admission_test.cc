#include "service/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/error.h"

namespace trawl::service {
namespace {

TEST(AdmissionTest, TakesCallsUpToTheLimitAndAgainWhenOneEnds) {
  Admission admission({.max_calls = 2, .max_bytes = 100});
  std::optional<Admission::Ticket> first = admission.Admit(1).value();
  Admission::Ticket second = admission.Admit(1).value();
  EXPECT_EQ(admission.Admit(1).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(admission.calls_in_flight(), 2u);
  first.reset();
  EXPECT_EQ(admission.calls_in_flight(), 1u);
  EXPECT_TRUE(admission.Admit(1).ok());
}

TEST(AdmissionTest, TakesBytesUpToTheLimit) {
  Admission admission({.max_calls = 10, .max_bytes = 100});
  Admission::Ticket first = admission.Admit(60).value();
  EXPECT_FALSE(admission.Admit(41).ok());
  Admission::Ticket second = admission.Admit(40).value();
  EXPECT_EQ(admission.bytes_in_flight(), 100u);
  EXPECT_FALSE(admission.Admit(1).ok());
  EXPECT_TRUE(admission.Admit(0).ok());
}

TEST(AdmissionTest, AnAnswerCountsInPlaceOfItsRequest) {
  Admission admission({.max_calls = 10, .max_bytes = 100});
  Admission::Ticket first = admission.Admit(10).value();
  first.Resize(300);
  EXPECT_EQ(admission.bytes_in_flight(), 300u);
  EXPECT_FALSE(admission.Admit(1).ok());
  first.Resize(40);
  EXPECT_TRUE(admission.Admit(60).ok());
  first = Admission::Ticket();
  EXPECT_EQ(admission.bytes_in_flight(), 0u);
}

TEST(AdmissionTest, AnAnswerCountsWhileItIsMadeAndOneCallMayGoOverTheLimit) {
  Admission admission({.max_calls = 10, .max_bytes = 100});
  std::optional<Admission::Ticket> first = admission.Admit(10).value();
  Admission::Ticket second = admission.Admit(10).value();
  EXPECT_TRUE(first->Take(40).ok());
  EXPECT_TRUE(second.Take(40).ok());
  EXPECT_EQ(admission.bytes_in_flight(), 100u);
  EXPECT_TRUE(first->Take(500).ok()) << "nobody else is over the limit";
  EXPECT_TRUE(first->Take(500).ok());
  const absl::Status refused = second.Take(1);
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("the limit is 100"));
  EXPECT_GE(RetryDelay(refused).count(), 20);
  EXPECT_TRUE(second.Take(0).ok());
  first.reset();
  EXPECT_EQ(admission.bytes_in_flight(), 50u);
  EXPECT_TRUE(second.Take(51).ok()) << "now it is the one";
}

TEST(AdmissionTest, AMovedTicketMayStillGoOverTheLimit) {
  Admission admission({.max_calls = 10, .max_bytes = 100});
  Admission::Ticket first = admission.Admit(10).value();
  Admission::Ticket other = admission.Admit(10).value();
  EXPECT_TRUE(first.Take(100).ok());
  {
    Admission::Ticket second = std::move(first);
    EXPECT_TRUE(second.Take(100).ok());
    EXPECT_FALSE(other.Take(100).ok());
  }
  EXPECT_TRUE(other.Take(100).ok());
}

TEST(AdmissionTest, AStreamReservesWhatIsThereBeyondTheLimitTooAndKeepsNoCallOut) {
  constexpr uint64_t kRoom = Admission::kRoomForStreams;
  Admission admission({.max_calls = 10, .max_bytes = 100});
  std::optional<Admission::Ticket> stream = admission.Admit(50).value();
  Admission::Ticket other = admission.Admit(10).value();
  EXPECT_TRUE(stream->Reserve(kRoom + 30));
  EXPECT_FALSE(other.Reserve(11));
  EXPECT_TRUE(other.Reserve(10));
  EXPECT_FALSE(other.Reserve(11));
  EXPECT_TRUE(other.Reserve(5)) << "less is always taken";
  EXPECT_EQ(admission.bytes_in_flight(), 60u);
  EXPECT_TRUE(admission.Admit(40).ok());
  EXPECT_TRUE(stream->Reserve(0));
  EXPECT_TRUE(other.Reserve(kRoom + 40));
  EXPECT_FALSE(stream->Reserve(1));
  other = Admission::Ticket();
  EXPECT_TRUE(stream->Reserve(kRoom + 50));
  stream.reset();
  EXPECT_TRUE(admission.Admit(100)->Reserve(kRoom));
}

TEST(AdmissionTest, AWaitOverTheLimitIsRefusedWithTheTimeThatItIsOver) {
  using std::chrono::milliseconds;
  const Admission admission({.max_wait = milliseconds(100)});
  const std::chrono::hours never(1000);
  EXPECT_TRUE(admission.CheckWait({}, {}, never).ok());
  EXPECT_TRUE(admission.CheckWait(milliseconds(60), milliseconds(40), never).ok());
  const absl::Status late = admission.CheckWait(milliseconds(300), milliseconds(51), never);
  EXPECT_EQ(late.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(late.message()),
              testing::AllOf(testing::HasSubstr("351 ms"), testing::HasSubstr("limit is 100 ms")));
  EXPECT_EQ(RetryDelay(late), milliseconds(251));
  EXPECT_EQ(RetryDelay(admission.CheckWait({}, std::chrono::hours(1), never)), milliseconds(5000));
}

TEST(AdmissionTest, AWaitBeyondTheDeadlineIsRefused) {
  using std::chrono::milliseconds;
  const Admission admission({.max_wait = milliseconds(1000)});
  EXPECT_TRUE(admission.CheckWait(milliseconds(500), milliseconds(50), milliseconds(50)).ok());
  const absl::Status late =
      admission.CheckWait(milliseconds(500), milliseconds(90), milliseconds(50));
  EXPECT_EQ(late.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(late.message()),
              testing::AllOf(testing::HasSubstr("590 ms"), testing::HasSubstr("leaves 550 ms")));
  EXPECT_EQ(RetryDelay(late), milliseconds(40));
}

TEST(AdmissionTest, AMovedTicketIsGivenBackOnce) {
  Admission admission({.max_calls = 10, .max_bytes = 100});
  {
    Admission::Ticket first = admission.Admit(10).value();
    Admission::Ticket second = std::move(first);
    Admission::Ticket third;
    third = std::move(second);
    EXPECT_EQ(admission.calls_in_flight(), 1u);
  }
  EXPECT_EQ(admission.calls_in_flight(), 0u);
  EXPECT_EQ(admission.bytes_in_flight(), 0u);
}

TEST(AdmissionTest, ARefusalSaysWhenToTryAgainWithinBounds) {
  Admission admission({.max_calls = 1, .max_bytes = 100});
  Admission::Ticket held = admission.Admit(1).value();
  std::chrono::milliseconds never_drained = RetryDelay(admission.Admit(1).status());
  EXPECT_EQ(never_drained.count(), 5000) << "nothing ended yet: the longest delay";

  held = Admission::Ticket();
  for (int i = 0; i < 10'000; ++i) admission.Admit(1).value();
  held = admission.Admit(1).value();
  std::chrono::milliseconds drains_fast = RetryDelay(admission.Admit(1).status());
  EXPECT_LT(drains_fast, never_drained);
  EXPECT_GE(drains_fast.count(), 20);
}

}  // namespace
}  // namespace trawl::service
