// Turns what gRPC and protobuf would write to standard error into debug lines of the log. By
// default it is not seen: a hostile client can cause any amount of it, and what matters of it is in
// the lines of calls.
//
// One at a time, made before any server.

#ifndef TRAWL_SERVICE_LIBRARY_LOGS_H_
#define TRAWL_SERVICE_LIBRARY_LOGS_H_

#include "service/log.h"

namespace trawl::service {

class LibraryLogs {
 public:
  explicit LibraryLogs(Log& log);
  ~LibraryLogs();
  LibraryLogs(const LibraryLogs&) = delete;
  LibraryLogs& operator=(const LibraryLogs&) = delete;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_LIBRARY_LOGS_H_
