// The server's log: one JSON object per line on standard output.
//
//   {"time":"2026-01-02T03:04:05.678Z","level":"info","message":"call","method":"Ping",...}
//
// Lines are written by a thread of their own, so that a reader of the log that does not read never
// holds up a call; when 8,192 lines wait, the oldest are dropped. What is logged never holds
// content.
//
// Thread-safety: all members may be called from any thread. The destructor writes what waits.

#ifndef TRAWL_SERVICE_LOG_H_
#define TRAWL_SERVICE_LOG_H_

#include <spdlog/async.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace trawl::service {

class Log {
 public:
  using Fields = nlohmann::ordered_json;
  using Level = spdlog::level::level_enum;

  // `level`: debug, info, warning or error. `sink`: where lines go, or null for standard output.
  explicit Log(const std::string& level, spdlog::sink_ptr sink = nullptr);

  void Debug(const char* message, const Fields& fields) { Write(Level::debug, message, fields); }
  void Info(const char* message, const Fields& fields) { Write(Level::info, message, fields); }
  void Warning(const char* message, const Fields& fields) { Write(Level::warn, message, fields); }
  void Error(const char* message, const Fields& fields) { Write(Level::err, message, fields); }

  void Write(Level level, const char* message, const Fields& fields);

  // Whether such lines are written: else making their fields can be spared.
  bool Writes(Level level) const { return logger_->should_log(level); }

  // Lines that were dropped because too many waited.
  uint64_t dropped_lines() const { return thread_->overrun_counter(); }

 private:
  std::shared_ptr<spdlog::details::thread_pool> thread_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_LOG_H_
