// A protobuf message as JSON, for lines that other programs read.
//
// Fields have their names in the proto, all of them are there, in its order, and 64-bit numbers are
// numbers (proto3's own JSON mapping would write strings). Enum values are their proto names,
// durations and timestamps strings as in proto3's mapping, `bytes` base64. Messages and oneof
// members that are not set are left out.
#ifndef TRAWL_CLIENT_CLI_MESSAGE_JSON_H_
#define TRAWL_CLIENT_CLI_MESSAGE_JSON_H_

#include <google/protobuf/message.h>

#include <string>

#include "nlohmann/json.hpp"

namespace trawl::cli {

nlohmann::ordered_json MessageToJson(const google::protobuf::Message& message);

// One line without a newline. Bytes that are not UTF-8 become U+FFFD.
std::string DumpLine(const nlohmann::ordered_json& json);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_MESSAGE_JSON_H_
