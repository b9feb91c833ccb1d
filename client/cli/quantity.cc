#include "client/cli/quantity.h"

#include <array>

#include "absl/strings/str_format.h"

namespace trawl::cli {

std::string ReadableBytes(uint64_t bytes) {
  if (bytes == 1) return "1 byte";
  if (bytes < 1024) return absl::StrFormat("%d bytes", bytes);
  constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  size_t unit = 0;
  double value = static_cast<double>(bytes) / 1024;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return absl::StrFormat("%.4g %s", value, kUnits[unit]);
}

std::string ReadableDuration(absl::Duration duration) {
  if (duration < absl::Seconds(1)) {
    return absl::StrFormat("%.3g ms", absl::ToDoubleMilliseconds(duration));
  }
  return absl::StrFormat("%.4g s", absl::ToDoubleSeconds(duration));
}

}  // namespace trawl::cli
