#include "service/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace trawl::service {
namespace {

constexpr size_t kWaitingLines = 8192;

}  // namespace

Log::Log(const std::string& level, spdlog::sink_ptr sink)
    : thread_(std::make_shared<spdlog::details::thread_pool>(kWaitingLines, 1)),
      logger_(std::make_shared<spdlog::async_logger>(
          "trawld",
          sink != nullptr ? std::move(sink) : std::make_shared<spdlog::sinks::stdout_sink_mt>(),
          thread_, spdlog::async_overflow_policy::overrun_oldest)) {
  logger_->set_pattern("%v");
  logger_->set_level(spdlog::level::from_str(level));
  logger_->flush_on(spdlog::level::trace);
}

void Log::Write(Level level, const char* message, const Fields& fields) {
  if (!logger_->should_log(level)) return;
  auto name = spdlog::level::to_string_view(level);
  Fields line{
      {"time", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone())},
      {"level", std::string(name.data(), name.size())},
      {"message", message},
  };
  if (fields.is_object()) line.update(fields);
  logger_->log(level, line.dump(-1, ' ', false, Fields::error_handler_t::replace));
}

}  // namespace trawl::service
