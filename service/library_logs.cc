#include "service/library_logs.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <atomic>
#include <string>

namespace trawl::service {
namespace {

// gRPC and protobuf take plain functions.
std::atomic<Log*> current_log = nullptr;

void WriteGrpc(gpr_log_func_args* line) {
  if (Log* log = current_log.load()) {
    log->Debug("grpc",
               {{"severity", gpr_log_severity_string(line->severity)}, {"text", line->message}});
  }
}

void WriteProtobuf(google::protobuf::LogLevel, const char*, int, const std::string& message) {
  if (Log* log = current_log.load()) log->Debug("protobuf", {{"text", message}});
}

}  // namespace

LibraryLogs::LibraryLogs(Log& log) {
  current_log = &log;
  gpr_set_log_function(WriteGrpc);
  google::protobuf::SetLogHandler(WriteProtobuf);
}

LibraryLogs::~LibraryLogs() { current_log = nullptr; }

}  // namespace trawl::service
