#include "client/error.h"

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace trawl::client {
namespace {

using testing::IsEmpty;

TEST(ErrorTest, CodesAndMessagesPassFromGrpc) {
  const absl::Status status = ToAbslStatus(grpc::Status(grpc::StatusCode::ABORTED, "enough"));
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status.message(), "enough");
  EXPECT_TRUE(ToAbslStatus(grpc::Status::OK).ok());
}

TEST(ErrorTest, AStatusWithoutDetailsHasCodeAndMessageOnly) {
  const Error error = DecodeError(absl::NotFoundError("gone"));
  EXPECT_EQ(error.code, absl::StatusCode::kNotFound);
  EXPECT_EQ(error.message, "gone");
  EXPECT_THAT(error.reason, IsEmpty());
  EXPECT_THAT(error.field_violations, IsEmpty());
  EXPECT_FALSE(error.retry_delay.has_value());
}

TEST(ErrorTest, UnreadableDetailsAreLeftOut) {
  const Error error = DecodeError(
      ToAbslStatus(grpc::Status(grpc::StatusCode::INTERNAL, "broken", "\xff\xff\xff not a proto")));
  EXPECT_EQ(error.code, absl::StatusCode::kInternal);
  EXPECT_EQ(error.message, "broken");
  EXPECT_THAT(error.reason, IsEmpty());
}

TEST(ErrorTest, DetailsOfUnknownTypesAreSkipped) {
  google::rpc::Status status;
  status.set_code(8);
  status.add_details()->set_type_url("type.googleapis.com/example.Unknown");
  google::rpc::ErrorInfo info;
  info.set_reason("QUEUE_FULL");
  status.add_details()->PackFrom(info);
  const Error error = DecodeError(status);
  EXPECT_EQ(error.code, absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(error.reason, "QUEUE_FULL");
}

}  // namespace
}  // namespace trawl::client
