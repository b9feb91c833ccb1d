#include "client/cli/progress.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "client/cli/printable.h"
#include "client/cli/quantity.h"

namespace trawl::cli {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(200);

void WriteToTerminal(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

}  // namespace

std::string ProgressLine(std::string_view file, uint64_t bytes, std::optional<uint64_t> total,
                         absl::Duration elapsed) {
  std::string line = absl::StrFormat("%s: %s", Printable(file), ReadableBytes(bytes));
  if (total && *total > 0) {
    const double part = static_cast<double>(bytes) / static_cast<double>(*total);
    absl::StrAppendFormat(&line, " of %s, %.0f %%", ReadableBytes(*total),
                          100 * std::min(part, 1.0));
  }
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (seconds > 0) {
    absl::StrAppendFormat(&line, ", %.3g MB/s", static_cast<double>(bytes) / 1e6 / seconds);
  }
  return line;
}

Progress::Progress(std::string_view file, std::optional<uint64_t> total)
    : file_(file),
      total_(total),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      beside_output_(isatty(STDOUT_FILENO) == 1) {}

void Progress::Show(uint64_t bytes) {
  const absl::Time now = absl::Now();
  if (!on_terminal_ || now < next_) return;
  next_ = now + kInterval;
  shown_ = true;
  WriteToTerminal("\r" + ProgressLine(file_, bytes, total_, now - start_) + "\033[K");
}

void Progress::Clear() {
  if (!shown_) return;
  shown_ = false;
  WriteToTerminal("\r\033[K");
}

void Progress::MakeWay() {
  if (beside_output_) Clear();
}

}  // namespace trawl::cli
